using Microsoft.AspNetCore.Http.HttpResults;
using WgHub.Features.Audit;
using WgHub.Features.Auth.Accounts;
using WgHub.Web;

namespace WgHub.Features.Persons;

/// <summary>What the hub has of one person, told and taken out.</summary>
internal static class PersonsRoom
{
    public static Room Room => new()
    {
        Add = services =>
        {
            services.AddSingleton<PersonService>();
            services.AddApiJson(PersonsJson.Default);
        },
        Map = Map,
    };

    private static void Map(IEndpointRouteBuilder routes)
    {
        // The name is in the address, and so in no log: who wants to be forgotten is not written down for it.
        var persons = routes.MapGroup("/api/persons/{who}").WithTags("persons").RequireAuthorization(Access.Admin).RequireConfirmation()
            .WithMetadata(new SecretInPathAttribute("who"));
        persons.MapGet("/export", Export).WithSummary("All that the hub has of a person, for them.");
        persons.MapPost("/erase", EraseAsync)
            .WithSummary("Takes a person out: accounts, owners, makers of tokens, and by a pseudonym the audit log, whose chain holds.");
    }

    private static Ok<PersonDto> Export(string who, PersonService service) => TypedResults.Ok(service.Export(who));

    private static async Task<Ok<PersonErasedDto>> EraseAsync(
        string who, PersonService service, HttpContext context, CancellationToken cancellationToken, bool dryRun = false) =>
        TypedResults.Ok(await service.EraseAsync(who, dryRun, context.ToActor(), cancellationToken));
}
