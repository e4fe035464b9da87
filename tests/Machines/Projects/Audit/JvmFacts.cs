namespace ProdSprint.Tests.Projects;

internal static class JvmFacts
{
    private const string Boot = """
        <project><parent><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-parent</artifactId></parent><artifactId>shop</artifactId><properties><java.version>21</java.version></properties>
        <dependencies><dependency><artifactId>spring-boot-starter-web</artifactId></dependency></dependencies><build><plugins><plugin><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build></project>
        """;

    public static AuditFact[] All { get; } =
    [
        new AuditFact("maven", "java", "maven", "", Version: "17", Build: "mvn -B -DskipTests clean package", Start: "java $JAVA_OPTS -jar target/*.jar").Of(("pom.xml", "<project><artifactId>a</artifactId><properties><maven.compiler.release>17</maven.compiler.release></properties></project>")),
        new AuditFact("spring boot with maven", "java", "maven", "spring-boot", Version: "21", Start: "java -Dserver.port=${PORT:-8080} $JAVA_OPTS -jar target/*.jar", Port: 8080).Of(("pom.xml", Boot)),
        new AuditFact("maven wrapper", "java", "maven", Build: "sh mvnw -B -DskipTests clean package").Of(("pom.xml", Boot), ("mvnw", "#!/bin/sh"), (".mvn/wrapper/maven-wrapper.properties", "")),
        new AuditFact("maven reactor", "java", "maven", "spring-boot", Build: "mvn -B -DskipTests clean package -pl app -am", Path: "app").Of(("pom.xml", "<project><packaging>pom</packaging><modules><module>lib</module><module>app</module></modules></project>"), ("lib/pom.xml", "<project><artifactId>lib</artifactId></project>"), ("app/pom.xml", Boot)),
        new AuditFact("quarkus", "java", "maven", "quarkus", Start: "java -Dquarkus.http.port=${PORT:-8080} $JAVA_OPTS -jar target/quarkus-app/quarkus-run.jar").Of(("pom.xml", "<project><artifactId>a</artifactId><build><plugins><plugin><groupId>io.quarkus</groupId><artifactId>quarkus-maven-plugin</artifactId></plugin></plugins></build></project>")),
        new AuditFact("gradle with spring boot", "java", "gradle", "spring-boot", Version: "17", Build: "sh gradlew clean build -x check -x test -Pproduction", Start: "java $JAVA_OPTS -Dserver.port=${PORT:-8080} -jar $(ls -1 build/libs/*jar | grep -v plain)").Of(
            ("gradlew", "#!/bin/sh"), ("settings.gradle", "rootProject.name = 'shop'"), ("build.gradle", "plugins { id 'org.springframework.boot' version '3.3.0' }\njava { toolchain { languageVersion = JavaLanguageVersion.of(17) } }")),
        new AuditFact("gradle application in kotlin", "java", "gradle", Version: "21", Build: "gradle clean build installDist -x check -x test -Pproduction", Start: "./build/install/app/bin/app", Path: "app").Of(
            ("settings.gradle.kts", "include(\"app\")"), ("app/build.gradle.kts", "plugins {\n    application\n}\nkotlin { jvmToolchain(21) }")),
        new AuditFact("gradle 5 needs java 8", "java", Version: "8").Of(("gradlew", ""), ("build.gradle", "plugins { id 'java' }"), ("gradle/wrapper/gradle-wrapper.properties", "distributionUrl=https\\://services.gradle.org/distributions/gradle-5.6-bin.zip")),
        new AuditFact("gradle before maven where there is a wrapper", "java", "gradle").Of(("gradlew", ""), ("build.gradle", "plugins { id 'java' }"), ("pom.xml", Boot)),
        new AuditFact("scala", "scala", "sbt", Build: "sbt stage", Start: "./target/universal/stage/bin/main").Of(("build.sbt", "name := \"shop\"\nexecutableScriptName := \"main\""), ("project/plugins.sbt", "addSbtPlugin(\"com.github.sbt\" % \"sbt-native-packager\" % \"1.9\")")),
        new AuditFact("clojure with lein", "clojure", "leiningen", Version: "11", Build: "lein uberjar").Of(("project.clj", "(defproject shop \"0.1\" :dependencies [[org.clojure/clojure \"1.11.1\"]])"), (".jdk-version", "11")),
        new AuditFact("clojure with lein-ring", "clojure", Build: "lein ring uberjar", Framework: "compojure").Of(("project.clj", "(defproject shop \"0.1\" :dependencies [[compojure \"1.6\"]] :plugins [[lein-ring \"0.12\"]])")),
        new AuditFact("clojure tools.build", "clojure", "clojure", Build: "clojure -T:build uber").Of(("build.clj", "(ns build)"), ("deps.edn", "{}")),
    ];
}
