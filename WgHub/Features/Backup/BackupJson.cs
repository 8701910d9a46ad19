using System.Text.Json;
using System.Text.Json.Serialization;

namespace WgHub.Features.Backup;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(BackupManifest))]
[JsonSerializable(typeof(BackupListDto))]
[JsonSerializable(typeof(BackupMadeDto))]
[JsonSerializable(typeof(BackupVerifiedDto))]
[JsonSerializable(typeof(VerifyBackup))]
internal sealed partial class BackupJson : JsonSerializerContext;
