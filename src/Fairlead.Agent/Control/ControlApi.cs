using System.Text.Json;
using Fairlead.Tooling;

namespace Fairlead.Agent;

/// <summary>The calls of <see cref="AgentProtocol"/>, by method and path.</summary>
sealed class ControlApi(Supervisor supervisor, AgentInfo info)
{
    /// <summary>A constant, for patterns; <see cref="AgentProtocol.Version"/> says what it stands for.</summary>
    const string V = "v3";

    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            var answer = await AnswerAsync(context);
            if (answer is string text)
            {
                context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
                await context.Response.WriteAsync(text, context.RequestAborted);
            }
            else if (answer is null)
            {
                await RefuseAsync(context, StatusCodes.Status404NotFound, new AgentError($"There is no call {context.Request.Method} {context.Request.Path}."));
            }
            else
            {
                await context.Response.WriteAsJsonAsync(answer, AgentProtocol.Json, context.RequestAborted);
            }
        }
        catch (FencedException e)
        {
            await RefuseAsync(context, StatusCodes.Status409Conflict, new AgentError(e.Message, HighestToken: e.Highest));
        }
        catch (UserErrorException e)
        {
            await RefuseAsync(context, StatusCodes.Status422UnprocessableEntity, new AgentError(e.Message, e.Remedy));
        }
        catch (Exception e) when (e is JsonException or BadHttpRequestException)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, new AgentError($"The call cannot be read: {e.Message}"));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Who asked has gone.
        }
        catch (Exception e)
        {
            // The detail is for the log of the process, the sentence for the user.
            await Console.Error.WriteLineAsync(e.ToString());
            await RefuseAsync(context, StatusCodes.Status500InternalServerError, new AgentError($"The background process failed: {e.Message}", "See its log 'logs/agent.log' in the environment's state directory."));
        }
    }

    async Task<object?> AnswerAsync(HttpContext context)
    {
        string[] path = [.. context.Request.Path.ToString().Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)];
        switch (context.Request.Method, path)
        {
            case ("GET", ["metrics"]):
                return supervisor.RenderMetrics();
            case ("GET", [V, "agent"]):
                return info;
            case ("GET", [V, "state"]):
                return supervisor.Describe();
            case ("PUT", [V, "metrics"]):
                await supervisor.ServeMetricsAsync(await ReadAsync<MetricsRequest>(context));
                return info;
            case ("POST", [V, "prepare"]):
                await supervisor.PrepareAsync(await ReadAsync<PrepareRequest>(context));
                return info;
            case ("POST", [V, "close-others"]):
                await supervisor.CloseOthersAsync(await ReadAsync<PrepareRequest>(context), context.RequestAborted);
                return info;
            case ("POST", [V, "revisions"]):
                await supervisor.BringUpAsync(await ReadAsync<BringUpRequest>(context), context.RequestAborted);
                return info;
            case ("POST", [V, "revisions", var revision, "retire"]):
                return new RetireResponse(await supervisor.RetireAsync(revision, await ReadAsync<RetireRequest>(context), context.RequestAborted));
            case ("PUT", [V, "services", var service, "weights"]):
                await supervisor.SetWeightsAsync(service, await ReadAsync<WeightsRequest>(context));
                return info;
            case ("PUT", [V, "guard"]):
                await supervisor.GuardAsync(await ReadAsync<GuardRequest>(context));
                return info;
            case ("POST", [V, "remove"]):
                await supervisor.RemoveAsync(await ReadAsync<TokenRequest>(context));
                return info;
            default:
                return null;
        }
    }

    static async Task<T> ReadAsync<T>(HttpContext context) =>
        await context.Request.ReadFromJsonAsync<T>(AgentProtocol.Json, context.RequestAborted) ?? throw new JsonException("It is empty.");

    static Task RefuseAsync(HttpContext context, int code, AgentError error)
    {
        context.Response.StatusCode = code;
        return context.Response.WriteAsJsonAsync(error, AgentProtocol.Json, CancellationToken.None);
    }
}
