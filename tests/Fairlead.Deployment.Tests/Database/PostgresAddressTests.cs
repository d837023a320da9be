using Fairlead.Tooling;
using FsCheck;
using FsCheck.Fluent;

namespace Fairlead.Deployment.Tests;

public sealed class PostgresAddressTests
{
    [Fact]
    public void A_url_becomes_variables()
    {
        var address = PostgresAddress.Parse("postgresql://shop%40eu:p%3Aw%2F1@db.example.com:6432/orders?sslmode=verify-full&sslrootcert=%2Fetc%2Fca", "env:X");
        address.Variables["PGHOST"].ShouldBe("db.example.com");
        address.Variables["PGPORT"].ShouldBe("6432");
        address.Variables["PGUSER"].ShouldBe("shop@eu");
        address.Variables["PGPASSWORD"].ShouldBe("p:w/1");
        address.Variables["PGDATABASE"].ShouldBe("orders");
        address.Variables["PGSSLMODE"].ShouldBe("verify-full");
        address.Variables["PGSSLROOTCERT"].ShouldBe("/etc/ca");
        address.Variables["PGSERVICE"].ShouldBeNull();
        PostgresAddress.Parse(address.Url, "env:X").ShouldBe(address);
    }

    [Theory]
    [InlineData("postgres://[::1]:5432/shop", "::1", 5432)]
    [InlineData("postgresql://localhost/shop", "localhost", null)]
    [InlineData("postgresql:///shop?host=/var/run/postgresql&port=5433", "/var/run/postgresql", 5433)]
    public void Other_forms_of_addresses_are_understood(string url, string host, int? port)
    {
        var address = PostgresAddress.Parse(url, "env:X");
        (address.Host, address.Port, address.Database).ShouldBe((host, port, "shop"));
        PostgresAddress.Parse(address.Url, "env:X").ShouldBe(address);
    }

    [Theory]
    [InlineData("mysql://u:hunter2@h/d", "begin with")]
    [InlineData("hunter2", "begin with")]
    [InlineData("postgresql://u:hunter2@h:port/d", "port")]
    [InlineData("postgresql://u:hunter2@h:70000/d", "port")]
    [InlineData("postgresql://u:hunter2@h/", "names no database")]
    [InlineData("postgresql://u:hunter2@x@h/d", "two '@'")]
    [InlineData("postgresql://u:hunter2%@h/d", "'%'")]
    [InlineData("postgresql://u:hunter2#@h/d", "'#'")]
    [InlineData("postgresql://u:hunter2@a,b/d", "several hosts")]
    [InlineData("postgresql://u:hunter2@h/d?sslmode=hunter2", "sslmode")]
    [InlineData("postgresql://u:hunter2@h/d?options=hunter2", "not known")]
    [InlineData("postgresql://u:hunter2 @h/d", "spaces")]
    [InlineData("postgresql://u:%00hunter2@h/d", "control")]
    public void Each_mistake_is_said_and_nothing_of_the_url_repeated(string url, string expected)
    {
        var error = Should.Throw<UserErrorException>(() => PostgresAddress.Parse(url, "env:DATABASE_URL"));
        error.Message.ShouldContain(expected);
        error.Message.ShouldContain("env:DATABASE_URL");
        error.Display.ShouldNotContain("hunter2");
    }

    [Fact]
    public void Anything_is_an_address_or_a_mistake() => Prop.ForAll<NonNull<string>>(text =>
    {
        foreach (var url in new[] { text.Get, "postgresql://" + text.Get, $"postgresql://u:{text.Get}@h/d", $"postgresql://h/d?{text.Get}" })
        {
            try
            {
                var address = PostgresAddress.Parse(url, "env:X");
                PostgresAddress.Parse(address.Url, "env:X").ShouldBe(address);
            }
            catch (UserErrorException)
            {
                // Said.
            }
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_service_file_would_lead_a_rehearsal_to_the_database_itself() =>
        Should.Throw<UserErrorException>(() => PostgresAddress.FromVariables(x => x == "PGSERVICE" ? "shop" : null, "shop")).Message.ShouldContain("PGSERVICE");

    [Fact]
    public void Names_beside_are_no_longer_than_PostgreSQL_keeps()
    {
        PostgresPrograms.Beside("shop", "rehearsal", "0123abcd").ShouldBe("shop_rehearsal_0123abcd");
        var name = PostgresPrograms.Beside(new string('ä', 60), "rehearsal", "0123abcd");
        System.Text.Encoding.UTF8.GetByteCount(name).ShouldBeLessThanOrEqualTo(63);
        name.ShouldEndWith("_rehearsal_0123abcd");
    }

    [Fact]
    public void Nobody_waits_for_ever_for_a_connection_and_who_says_how_long_is_heard()
    {
        PostgresAddress.Parse("postgresql://h/d", "env:X").Variables["PGCONNECT_TIMEOUT"].ShouldBe("10");
        var address = PostgresAddress.Parse("postgresql://h/d?connect_timeout=3", "env:X");
        address.Variables["PGCONNECT_TIMEOUT"].ShouldBe("3");
        address.Url.ShouldEndWith("?connect_timeout=3");
        Should.Throw<UserErrorException>(() => PostgresAddress.Parse("postgresql://h/d?connect_timeout=soon", "env:X")).Message.ShouldContain("connect_timeout");
    }
}
