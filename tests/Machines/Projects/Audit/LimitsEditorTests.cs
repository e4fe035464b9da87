using ProdSprint.Plans.Blueprints.Costs;
using ProdSprint.Projects;

namespace ProdSprint.Tests.Projects.Audit;

public sealed class LimitsEditorTests
{
    [Theory]
    [InlineData(null, "version: 1\nservices:\n  web:\n    memory: 256\n")]
    [InlineData("# ours\npolicy: strict\n", "# ours\npolicy: strict\nservices:\n  web:\n    memory: 256\n")]
    [InlineData("policy: strict", "policy: strict\nservices:\n  web:\n    memory: 256\n")]
    [InlineData("services:\n  web:\n    memory: 512 # measured in May\n    health: /h\nwarm: 2m\n", "services:\n  web:\n    memory: 256 # measured in May\n    health: /h\nwarm: 2m\n")]
    [InlineData("services:\n    web:\n        memory: \"512\"\n", "services:\n    web:\n        memory: 256\n")]
    [InlineData("services:\n  web:\n    # where it answers\n    health: /h\n", "services:\n  web:\n    # where it answers\n    memory: 256\n    health: /h\n")]
    [InlineData("services:\n  api:\n    memory: 512\n", "services:\n  web:\n    memory: 256\n  api:\n    memory: 512\n")]
    [InlineData("services:\n  web:\n  api:\n    memory: 512\n", "services:\n  web:\n    memory: 256\n  api:\n    memory: 512\n")]
    [InlineData("services:\nentry: web\n", "services:\n  web:\n    memory: 256\nentry: web\n")]
    [InlineData("services:\n  web: { memory: 512, health: /h }\n", "services:\n  web: { memory: 256, health: /h }\n")]
    [InlineData("services:\r\n  web:\r\n    memory: 512\r\n    health: /h\r\n", "services:\r\n  web:\r\n    memory: 256\r\n    health: /h\r\n")]
    public void Edit_Memory_ChangesThatAndNothingElse(string? before, string after) => LimitsEditor.Edit(before, [new("web", 256, null)]).ShouldBe(after);

    [Fact]
    public void Edit_BothLimitsOfTwoServices_SetsAllFour() =>
        LimitsEditor.Edit("services:\n  web:\n    cpus: 4\n  api:\n    path: api\n", [new("web", 1024, 2), new("api", 256, 1)])
            .ShouldBe("services:\n  web:\n    memory: 1024\n    cpus: 2\n  api:\n    cpus: 1\n    memory: 256\n    path: api\n");

    [Theory]
    [InlineData("services: { web: { health: /h } }\n")]
    [InlineData("services:\n  web: { health: /h }\n")]
    [InlineData("services: [web]\n")]
    [InlineData("services:\n  web: &a\n    memory: 5\n")]
    [InlineData("a: [")]
    public void Edit_WhatIsNotWrittenLineByLine_IsLeftToPeople(string text) => LimitsEditor.Edit(text, [new("web", 256, null)]).ShouldBeNull();

    [Fact]
    public void Edit_Nothing_IsTheSame() => LimitsEditor.Edit("policy: strict\n", Array.Empty<LimitsChange>()).ShouldBe("policy: strict\n");
}
