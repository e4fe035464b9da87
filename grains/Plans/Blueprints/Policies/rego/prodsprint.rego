# The rules of a profile, as Open Policy Agent evaluates them. ProdSprint has the same rules built in and compares: where the two differ, the rule
# has not passed, and both are shown; whether that blocks is the profile's word (differs in profiles.json).
#
#   prodsprint blueprint --out . && opa eval --format json --data infrastructure/policies --input facts.json 'data.prodsprint.results'
#
# input.demands         the rules that the profile asks for: rule, level, controls, limit (profiles.json)
# input.plan            the plan, as GET /v1/projects/{project}/plans/{number} gives its document
# input.audit           the audit behind it, schema at /v1/schemas/audit
# input.infrastructure  the files that would be applied, by path
package prodsprint

import rego.v1

# One result for each rule that is asked for. A rule that nobody wrote, or facts of another schema, hold nothing back by being silent: they fail.
results contains result if {
	some demand in input.demands
	evidence := sort([violation.evidence | some violation in violations; violation.rule == demand.rule])
	result := {"rule": demand.rule, "passed": passes(demand.rule, evidence), "evidence": array.slice(evidence, 0, 20)}
}

default passes(_, _) := false

passes(rule, evidence) if {
	rule in known
	input.schema == 1
	count(evidence) == 0
}

known := {
	"secrets.tree",
	"secrets.samples",
	"secrets.history",
	"tests.present",
	"gates.tests",
	"canary.first-step",
	"approval.every-plan",
	"migration.reversible",
	"container.pinned",
} | object.keys(gap_codes) | object.keys(required_lines) | object.keys(settings)

limit(rule) := demand.limit if {
	some demand in input.demands
	demand.rule == rule
}

# What the audit found.

gap_codes := {
	"dependencies.locked": {"lockfile.missing", "lockfile.stale", "lockfile.unread"},
	"container.user": {"dockerfile.runs-as-root"},
}

violations contains {"rule": rule, "evidence": sprintf("%s of %s", [gap.code, object.get(gap, "service", "the repository")])} if {
	some rule, codes in gap_codes
	some gap in input.audit.gaps
	gap.code in codes
}

violations contains {"rule": "secrets.tree", "evidence": sprintf("%s at %s:%d", [secret.rule, secret.path, secret.line])} if {
	some secret in input.audit.repository.secrets
	object.get(secret, "commit", null) == null
	not secret.path in sample_paths
}

violations contains {"rule": "secrets.samples", "evidence": sprintf("%s at %s:%d", [secret.rule, secret.path, secret.line])} if {
	some secret in input.audit.repository.secrets
	secret.path in sample_paths
}

# The audit calls what lies in tests and examples an information.
sample_paths contains gap.at.path if {
	some gap in input.audit.gaps
	gap.code in {"secret.in-tree", "secret.in-history"}
	gap.severity == "info"
}

violations contains {"rule": "secrets.history", "evidence": sprintf("%s at %s in %s", [secret.rule, secret.path, secret.commit])} if {
	some secret in input.audit.repository.secrets
	object.get(secret, "commit", null) != null
	not secret.path in sample_paths
}

violations contains {"rule": "container.pinned", "evidence": image} if {
	some service in input.audit.services
	some image in service.dockerfile.baseImages
	image != "scratch"
	not contains(image, "@sha256:")
}

violations contains {"rule": "container.pinned", "evidence": image} if {
	some image in object.get(input, "writtenImages", [])
	not contains(image, "@sha256:")
}

# What the plan says.

production := input.plan.environments[count(input.plan.environments) - 1]

violations contains {"rule": "tests.present", "evidence": sprintf("%s: none", [service.name])} if {
	some service in production.services
	object.get(service, "test", null) == null
}

violations contains {"rule": "gates.tests", "evidence": sprintf("gates: %s", [concat(", ", input.plan.policy.gates)])} if {
	not "tests" in input.plan.policy.gates
}

violations contains {"rule": "canary.first-step", "evidence": sprintf("strategy: %s", [input.plan.policy.strategy])} if {
	input.plan.policy.strategy != "canary"
}

violations contains {"rule": "canary.first-step", "evidence": sprintf("first step: %v %%", [input.plan.policy.steps[0].weightPercent])} if {
	input.plan.policy.steps[0].weightPercent > limit("canary.first-step")
}

violations contains {"rule": "approval.every-plan", "evidence": sprintf("approval: %s", [input.plan.policy.approval])} if {
	input.plan.policy.approval != "everyPlan"
}

violations contains {"rule": "migration.reversible", "evidence": sprintf("step %d, %s: %s", [step.number, step.environment, step.title])} if {
	some step in input.plan.steps
	step.reversibility == "notAtAll"
}

# What the files say. A module that is not there needs no line.

required_lines := {
	"data.encrypted": [
		["/database/", `storage_encrypted\s+= true`],
		["/cache/", `at_rest_encryption_enabled\s+= true`],
		["/storage/", `sse_algorithm`],
		["/kubernetes/", `resources = \["secrets"\]`],
		["/kubernetes/", `encrypted\s+= true`],
	],
	"data.private": [
		["/database/", `publicly_accessible\s+= false`],
		["/storage/", `restrict_public_buckets\s+= true`],
		["/network/", `aws_default_security_group`],
		["/kubernetes/", `endpoint_public_access\s+= false`],
	],
	"transport.tls": [
		["/cluster/", `ELBSecurityPolicy-TLS13`],
		["/balancer/", `ELBSecurityPolicy-TLS13`],
		["/edge/", `redirect-to-https`],
		["/cache/", `transit_encryption_enabled\s+= true`],
		["/storage/", `aws:SecureTransport`],
	],
}

violations contains {"rule": rule, "evidence": sprintf("%s: no %s", [path, wanted[1]])} if {
	some rule, lines in required_lines
	some wanted in lines
	some path, text in input.infrastructure
	contains(path, sprintf("/modules%smain.tf", [wanted[0]]))
	not regex.match(wanted[1], text)
}

settings := {"logs.days": "log_days", "zones.several": "zones", "backup.days": "backup_days"}

violations contains {"rule": rule, "evidence": sprintf("production.tfvars: %s is below %v, or not there", [name, limit(rule)])} if {
	some rule, name in settings
	not reaches(name, limit(rule))
}

reaches(name, least) if {
	some path, text in input.infrastructure
	endswith(path, "/production.tfvars")
	found := regex.find_all_string_submatch_n(sprintf(`(?m)^\s*%s\s*= (\d+)$`, [name]), text, 1)
	to_number(found[0][1]) >= least
}
