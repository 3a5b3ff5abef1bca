using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Kernel;
using JasperFx;
using JasperFx.Core;
using Marten;
using NodaTime;
using Wolverine.ErrorHandling;
using Wolverine.Runtime.Handlers;

namespace CreditBank.Api.Expiry;

/// <summary>A day began: a book does what it brings about, and keeps a message for the next.</summary>
/// <param name="Book">A learners' book.</param>
/// <param name="Turn">Which message of its chain it is; another one than the book waits for is out of date.</param>
public sealed record DoDailyWork(string Book, int Turn);

/// <summary>Where the chain of a book's days stands.</summary>
public sealed class DailyWork : IRevisioned
{
    /// <summary>The only one of a book.</summary>
    public const string Key = "daily";

    /// <summary>Always <see cref="Key"/>.</summary>
    public string Id { get; init; } = Key;

    /// <summary>The message that the book waits for.</summary>
    public int Turn { get; init; }

    /// <summary>The last day in Shanghai that was done, as text; none before the first.</summary>
    public string? DoneOn { get; init; }

    /// <summary>Guards changes: of two messages at once, one goes on.</summary>
    public int Version { get; set; }
}

/// <summary>Does the daily work of books.</summary>
public static class DoDailyWorkHandler
{
    /// <summary>A moment after midnight, so that a clock that is a little ahead is no day ahead.</summary>
    private static readonly Duration AfterMidnight = Duration.FromSeconds(30);

    /// <summary>Whatever the fault, the day is tried again.</summary>
    public static void Configure(HandlerChain chain) =>
        chain.OnAnyException().ScheduleRetryIndefinitely(10.Seconds(), 1.Minutes(), 10.Minutes());

    /// <summary>
    /// Does the day, then keeps the next message in the commit that marks the day as done: the chain never ends and
    /// never splits. A message that comes early is sent again.
    /// </summary>
    public static async Task Handle(
        DoDailyWork message,
        LedgerBooks books,
        ExpirySweep sweep,
        Deadlines deadlines,
        LaterMessages later,
        IClock clock,
        CancellationToken cancellation
    )
    {
        await using var session = books.Write(message.Book, Actor.Bank);
        var stands = await session.LoadAsync<DailyWork>(DailyWork.Key, cancellation);
        if (stands is null || stands.Turn != message.Turn)
        {
            return;
        }

        var today = BankCalendar.DayOf(clock.GetCurrentInstant());
        await sweep.RunAsync(message.Book, today, cancellation);
        await deadlines.CountAsync(message.Book, today, cancellation);
        await Next(session, message.Book, stands, today, BankCalendar.StartOf(today.PlusDays(1)), later);
        await session.SaveChangesAsync(cancellation);
    }

    /// <summary>Begins the chain of a book, or begins it anew: messages of the old one are out of date.</summary>
    public static async Task<bool> Begin(
        string book,
        LedgerBooks books,
        LaterMessages later,
        IClock clock,
        CancellationToken cancellation
    )
    {
        await using var session = books.Write(book, Actor.Bank);
        var stands = await session.LoadAsync<DailyWork>(DailyWork.Key, cancellation);
        await Next(session, book, stands, null, clock.GetCurrentInstant() - AfterMidnight, later);
        await session.SaveChangesAsync(cancellation);
        return true;
    }

    private static async Task Next(
        IDocumentSession session,
        string book,
        DailyWork? stands,
        LocalDate? done,
        Instant at,
        LaterMessages later
    )
    {
        var next = new DailyWork
        {
            Turn = (stands?.Turn ?? 0) + 1,
            DoneOn = done is { } day ? ExpiryEntry.TextOf(day) : stands?.DoneOn,
        };
        session.UpdateRevision(next, (stands?.Version ?? 0) + 1);
        await later.Schedule(session, new DoDailyWork(book, next.Turn), at + AfterMidnight);
    }
}

/// <summary>
/// At start, begins the days of every book: what was missed while nothing ran is caught up soon after.
/// </summary>
public sealed class DailyWorkStart(LedgerBooks books, LaterMessages later, IClock clock) : IHostedLifecycleService
{
    /// <inheritdoc/>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        foreach (var book in books.Learners)
        {
            await Races.Retry(() => DoDailyWorkHandler.Begin(book, books, later, clock, cancellationToken));
        }
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
