using System.Text.Json;
using System.Text.Json.Serialization;

namespace WgHub.Features.Enrolment;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(RegisterSpoke))]
[JsonSerializable(typeof(CreateReenrolment))]
[JsonSerializable(typeof(UnregisterSpoke))]
[JsonSerializable(typeof(AskWhereabouts))]
[JsonSerializable(typeof(HubWhereabouts))]
[JsonSerializable(typeof(RegisteredDto))]
[JsonSerializable(typeof(UnregisteredDto))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class EnrolmentJson : JsonSerializerContext;
