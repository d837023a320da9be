using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Fairlead.Agent;
using Fairlead.Tooling;

namespace Fairlead.Benchmarks;

/// <summary>
/// The agent's proxy beside HAProxy and nginx: the same backend, the same load (wrk), one core for each proxy in turn and the other one
/// for all the rest, several rounds, medians. Goals: three quarters of HAProxy's throughput per core, twice its p99.
/// </summary>
/// <remarks>
/// Throughput per core is requests per second of processor time that the proxy itself has used: it does not change when something else
/// takes the core in between, and not when it is wrk or the backend that cannot go faster.
/// </remarks>
static class ProxyComparison
{
    public const int UsualRounds = 5;

    const int Seconds = 4;
    const string ProxyCore = "0";
    const string OtherCore = "1";
    const double TicksPerSecond = 100;

    static readonly string[] Tools = ["taskset", "wrk", "nginx", "haproxy"];

    public static async Task RunAsync(int rounds)
    {
        foreach (var tool in Tools)
            Find(tool);
        var directory = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-proxy-").FullName);
        List<ChildProcess> started = [];
        try
        {
            var (backend, nginx, haproxy, fairlead) = (FreePort(), FreePort(), FreePort(), FreePort());
            started.Add(Start(OtherCore, directory, "nginx", "-p", directory, "-c", (directory / "backend.conf").WriteAllText(Nginx(backend, "location / { return 200 '" + new string('x', 256) + "'; }"))));
            (string Name, int Port, ChildProcess Process)[] proxies =
            [
                ("haproxy", haproxy, Start(ProxyCore, directory, "haproxy", "-db", "-f", (directory / "haproxy.cfg").WriteAllText(HaProxy(haproxy, backend)))),
                ("nginx", nginx, Start(ProxyCore, directory, "nginx", "-p", directory, "-c", (directory / "proxy.conf").WriteAllText(NginxProxy(nginx, backend)))),
                ("fairlead", fairlead, Start(ProxyCore, directory, "dotnet", typeof(ProxyComparison).Assembly.Location, "proxy-serve", $"{fairlead}", $"{backend}")),
            ];
            started.AddRange(proxies.Select(x => x.Process));
            await Task.Delay(TimeSpan.FromSeconds(2));
            foreach (var proxy in proxies)
                await LoadAsync(directory, proxy.Port, proxy.Process.Id, clients: 32, Seconds);
            foreach (var clients in new[] { 1, 32, 256 })
            {
                var runs = proxies.ToDictionary(x => x.Name, _ => new List<Run>());
                for (var round = 0; round < rounds; round++)
                {
                    foreach (var proxy in proxies)
                        runs[proxy.Name].Add(await LoadAsync(directory, proxy.Port, proxy.Process.Id, clients, Seconds));
                }

                Print(clients, runs);
            }
        }
        finally
        {
            foreach (var process in started)
                process.KillTree();
            directory.DeleteDirectory();
        }
    }

    /// <summary>What the comparison starts as a process of its own: the agent's listener, router and forwarder.</summary>
    public static async Task ServeAsync(int port, int backend)
    {
        SocketEngine.RunInline();
        var revision = new RoutedRevision("shop", "shop.1");
        revision.SetTargets([new Upstream(backend)]);
        var route = new ServiceRoute("shop", TimeProvider.System, Console.Error.WriteLine);
        route.Router.Switch(new RoutingTable([(revision, 100)]));
        await new Listener(new Uri($"http://127.0.0.1:{port}"), route).OpenAsync();
        await Task.Delay(Timeout.InfiniteTimeSpan);
    }

    static void Print(int clients, Dictionary<string, List<Run>> runs)
    {
        var best = runs["haproxy"];
        Console.WriteLine($"{clients} connections, medians of {best.Count} runs of {Seconds} s in turn; in brackets the ratio to haproxy:");
        Console.WriteLine($"  {"",-10}{"requests/s",20}{"per second of CPU",22}{"p99 ms",18}{"memory MB",18}{"errors",8}");
        foreach (var (name, own) in runs)
        {
            Console.WriteLine($"  {name,-10}{Cell(x => x.PerSecond, "N0"),20}{Cell(x => x.PerProcessorSecond, "N0"),22}{Cell(x => x.P99, "0.00"),18}{Cell(x => x.Megabytes, "0"),18}{own.Sum(x => x.Errors),8}");
            string Cell(Func<Run, double> value, string format)
            {
                var (mine, other) = (Median(own.Select(value)), Median(best.Select(value)));
                return string.Create(CultureInfo.InvariantCulture, $"{mine.ToString(format, CultureInfo.InvariantCulture)} ({mine / other:0.00})");
            }
        }

        Console.WriteLine();
    }

    static async Task<Run> LoadAsync(AbsolutePath directory, int port, int process, int clients, int seconds)
    {
        var before = ProcessorSeconds(process);
        double perSecond = 0, p99 = 0, requests = 0;
        long errors = 0;
        await new ProcessRunner(new Redactor(), TimeProvider.System, directory).RunAsync(
            ToolCommand.Of("taskset", ["-c", OtherCore, "wrk", "-t1", $"-c{clients}", $"-d{seconds}s", "--latency", $"http://127.0.0.1:{port}/"]),
            line =>
            {
                var words = line.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                switch (words)
                {
                    case ["99%", var time]: p99 = Milliseconds(time); break;
                    case ["Requests/sec:", var rate]: perSecond = double.Parse(rate, CultureInfo.InvariantCulture); break;
                    case [var number, "requests", "in", ..]: requests = double.Parse(number, CultureInfo.InvariantCulture); break;
                    case ["Non-2xx", .., var number]: errors += long.Parse(number, CultureInfo.InvariantCulture); break;
                    case ["Socket", "errors:", ..]: errors += words.Where(x => char.IsAsciiDigit(x[0])).Sum(x => long.Parse(x.TrimEnd(','), CultureInfo.InvariantCulture)); break;
                }
            });
        return new Run(perSecond, requests / (ProcessorSeconds(process) - before), p99, Megabytes(process), errors);
    }

    static double Milliseconds(string text) => text switch
    {
        [.. var value, 'u', 's'] => double.Parse(value, CultureInfo.InvariantCulture) / 1000,
        [.. var value, 'm', 's'] => double.Parse(value, CultureInfo.InvariantCulture),
        [.. var value, 's'] => double.Parse(value, CultureInfo.InvariantCulture) * 1000,
        _ => double.NaN,
    };

    static double ProcessorSeconds(int process)
    {
        // After the name, which may hold blanks: state is field 3, so user and system time (14 and 15) are these.
        var fields = File.ReadAllText($"/proc/{process}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    static double Megabytes(int process) =>
        double.Parse(File.ReadLines($"/proc/{process}/status").First(x => x.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;

    static string Nginx(int port, string location, string http = "") =>
        $"daemon off; master_process off; worker_processes 1; pid nginx-{port}.pid; error_log stderr crit; events {{ worker_connections 4096; }}\n"
        + $"http {{ access_log off; keepalive_requests 100000000; client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4; scgi_temp_path t5; {http}\n"
        + $"server {{ listen 127.0.0.1:{port} backlog=1024; {location} }} }}\n";

    static string NginxProxy(int port, int backend) => Nginx(
        port,
        "location / { proxy_pass http://backend; proxy_http_version 1.1; proxy_set_header Connection ''; proxy_set_header Host $http_host; proxy_set_header X-Forwarded-For $remote_addr; proxy_set_header X-Forwarded-Proto http; proxy_set_header X-Forwarded-Host $http_host; }",
        $"upstream backend {{ server 127.0.0.1:{backend}; keepalive 512; keepalive_requests 100000000; }}");

    static string HaProxy(int port, int backend) =>
        $"""
        global
          nbthread 1
          maxconn 4096
        defaults
          mode http
          timeout connect 5s
          timeout client 60s
          timeout server 60s
          option forwardfor
          http-reuse always
        frontend shop
          bind 127.0.0.1:{port}
          http-request set-header X-Forwarded-Proto http
          http-request set-header X-Forwarded-Host %[req.hdr(host)]
          default_backend replicas
        backend replicas
          server one 127.0.0.1:{backend}

        """;

    static ChildProcess Start(string core, AbsolutePath directory, string program, params string[] arguments) => ChildProcess.Start(new ChildProcessStart
    {
        Program = Find("taskset"),
        Arguments = [.. ImmutableArray.Create("-c", core, Find(program).ToString()), .. arguments],
        WorkingDirectory = directory,
        Environment = new Dictionary<string, string> { ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "", ["HOME"] = directory },
        OutputFile = directory / $"{program}-{Guid.NewGuid():N}.log",
        EndWithParent = true,
    });

    static AbsolutePath Find(string tool) => ToolPath.Find(tool, AbsolutePath.CurrentDirectory, Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin") ?? throw new ToolNotFoundException(tool);

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    sealed record Run(double PerSecond, double PerProcessorSecond, double P99, double Megabytes, long Errors);
}
