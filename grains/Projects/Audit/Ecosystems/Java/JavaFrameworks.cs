namespace ProdSprint.Projects;

/// <summary>How a framework of the JVM is recognised in a pom or a Gradle script, told its port and run.</summary>
/// <param name="Marks">Any of these in the build file.</param>
/// <param name="PortOption">The system property that moves the port, or null when there is none.</param>
/// <param name="Jar">The program below the build's output folder when it is not simply the jar.</param>
public sealed record JavaFramework(string Name, string[] Marks, string? PortOption, string? Jar = null)
{
    private static readonly JavaFramework[] Known =
    [
        new("quarkus", ["io.quarkus"], "quarkus.http.port", "quarkus-app/quarkus-run.jar"),
        new("spring-boot", ["org.springframework.boot", "spring-boot-gradle-plugin", "springframework.boot", "springBoot", "org.grails:grails-"], "server.port"),
        new("micronaut", ["io.micronaut"], "micronaut.server.port"),
        new("wildfly-swarm", ["org.wildfly.swarm"], "swarm.http.port"),
        new("helidon", ["io.helidon"], "server.port"),
        new("ratpack", ["io.ratpack"], null), new("ktor", ["io.ktor", "ktor."], null), new("dropwizard", ["io.dropwizard"], null), new("vertx", ["io.vertx"], null), new("javalin", ["io.javalin"], null), new("spark", ["com.sparkjava"], null), new("grpc", ["io.grpc"], null),
    ];

    public static JavaFramework? Of(string build) => Known.FirstOrDefault(k => k.Marks.Any(m => build.Contains(m, StringComparison.Ordinal)));

    /// <summary>"-Dserver.port=${PORT:-8080} ", or nothing.</summary>
    public string Port => PortOption is null ? "" : $"-D{PortOption}=${{PORT:-8080}} ";
}
