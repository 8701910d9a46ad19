using WgHub.Hosting;

namespace WgHub.Features.Metrics;

/// <summary>This process, under the names that Prometheus' own libraries give.</summary>
internal sealed class ProcessMetrics(TimeProvider time)
{
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();

    public void WriteTo(MetricsText text)
    {
        text.Family("process_start_time_seconds", "gauge", "When the process started.").Value(_startedAt.ToUnixTimeSeconds());
        text.Family("process_cpu_seconds_total", "counter", "Processor time used.").Value(Environment.CpuUsage.TotalTime.TotalSeconds);
        text.Family("process_resident_memory_bytes", "gauge", "Memory in use.").Value(Environment.WorkingSet);
        if (OperatingSystem.IsLinux())
        {
            text.Family("process_open_fds", "gauge", "Open files, connections and pipes.").Value(Directory.GetFiles("/proc/self/fd").LongLength);
            text.Family("process_max_fds", "gauge", "How many may be open at once.").Value((long)(OpenFiles.Most() ?? 0));
        }
    }
}
