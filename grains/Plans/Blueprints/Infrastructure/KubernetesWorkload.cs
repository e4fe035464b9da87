using System.Globalization;
using ProdSprint.Plans.Blueprints.Pipelines;

namespace ProdSprint.Plans.Blueprints.Infrastructure;

/// <summary>One service in the cluster: its account, its pods, how it is found, how many of it run and how many may be missing at once.</summary>
internal static class KubernetesWorkload
{
    /// <summary>Whoever still sends requests to a pod that is going has heard of it by then.</summary>
    private const int DrainSeconds = 10;

    public static string Write(string space, ServicePlan service, bool entry, bool secrets)
    {
        var name = KubernetesNames.Label(service.Name);
        var yaml = new YamlLines();
        yaml.Line("# Its rights at AWS come by EKS Pod Identity, to this account alone.");
        Head(yaml, "v1", "ServiceAccount", name).Line("automountServiceAccountToken: false").Line("---");
        Deployment(yaml, space, name, service, secrets);
        if (service.Port is { } port)
        {
            Head(yaml.Line("---"), "v1", "Service", name);
            yaml.In("spec:", () =>
            {
                if (entry) yaml.Line("type: NodePort");
                Selector(yaml, "selector:", name);
                yaml.In("ports:", () =>
                {
                    yaml.Line("- name: http").Line($"  port: {Number(port.Default)}").Line("  targetPort: http");
                    if (entry) yaml.Line($"  nodePort: {Number(KubernetesManifests.NodePort)}");
                });
            });
        }
        Head(yaml.Line("---"), "autoscaling/v2", "HorizontalPodAutoscaler", name);
        yaml.In("spec:", () => yaml
            .In("scaleTargetRef:", () => yaml.Line("apiVersion: apps/v1").Line("kind: Deployment").Line($"name: {name}"))
            .Line("minReplicas: 1").Line("maxReplicas: 2")
            .Line("metrics:").Line("  - type: Resource").Line("    resource:").Line("      name: cpu").Line("      target:").Line("        type: Utilization").Line("        averageUtilization: 60"));
        Head(yaml.Line("---"), "policy/v1", "PodDisruptionBudget", name);
        yaml.In("spec:", () => yaml.Line("maxUnavailable: 1").In("selector:", () => Selector(yaml, "matchLabels:", name)));
        return yaml.ToString();
    }

    /// <summary>How many run is the scaler's, so the deployment does not say.</summary>
    private static void Deployment(YamlLines yaml, string space, string name, ServicePlan service, bool secrets)
    {
        var (cpu, memory) = AwsSizes.Task(service.Limits.MemoryMiB, service.Limits.Cpus);
        var stop = Math.Min(120, (int)service.Limits.StopGrace.TotalSeconds);
        Head(yaml, "apps/v1", "Deployment", name);
        yaml.In("spec:", () => yaml
            .In("selector:", () => Selector(yaml, "matchLabels:", name))
            .In("strategy:", () => yaml.Line("rollingUpdate:").Line("  maxUnavailable: 0").Line("  maxSurge: 1"))
            .In("template:", () => yaml
                .In("metadata:", () => Selector(yaml, "labels:", name))
                .In("spec:", () =>
                {
                    yaml.Line($"serviceAccountName: {name}").Line($"terminationGracePeriodSeconds: {Number(stop + DrainSeconds)}");
                    yaml.In("securityContext:", () => yaml.Line("runAsNonRoot: true").Line("runAsUser: 10001").Line("runAsGroup: 10001").Line("fsGroup: 10001").Line("seccompProfile:").Line("  type: RuntimeDefault"));
                    yaml.Line("topologySpreadConstraints:").Line("  - topologyKey: topology.kubernetes.io/zone").Line("    maxSkew: 1").Line("    whenUnsatisfiable: ScheduleAnyway").Line("    labelSelector:").Line("      matchLabels:").Line($"        app.kubernetes.io/name: {name}");
                    yaml.In("containers:", () =>
                    {
                        yaml.Line($"- name: {name}").Line($"  image: {space}/{name}");
                        yaml.In("  securityContext:", () => yaml.Line("  allowPrivilegeEscalation: false").Line("  readOnlyRootFilesystem: true").Line("  capabilities:").Line("    drop: [ALL]"));
                        yaml.In("  envFrom:", () =>
                        {
                            yaml.Line("  - configMapRef:").Line($"      name: {name}");
                            if (secrets) yaml.Line("  - secretRef:").Line($"      name: {name}");
                        });
                        yaml.In("  resources:", () => yaml.Line("  requests:").Line($"    cpu: {Number(cpu * 1000 / 1024)}m").Line($"    memory: {Number(memory)}Mi").Line("  limits:").Line($"    memory: {Number(memory)}Mi"));
                        yaml.Line("  lifecycle:").Line("    preStop:").Line("      sleep:").Line($"        seconds: {Number(DrainSeconds)}");
                        if (service.Port is { } port)
                        {
                            yaml.Line("  ports:").Line("    - name: http").Line($"      containerPort: {Number(port.Default)}");
                            Probes(yaml, service.Health);
                        }
                        yaml.Line("  volumeMounts:").Line("    - name: tmp").Line("      mountPath: /tmp");
                        // The driver makes the Secret above only while a pod mounts what it is made from.
                        if (secrets) yaml.Line("    - name: secrets").Line("      mountPath: /run/secrets/aws").Line("      readOnly: true");
                    });
                    yaml.Line("volumes:").Line("  - name: tmp").Line("    emptyDir:").Line("      sizeLimit: 256Mi");
                    if (secrets)
                        yaml.Line("  - name: secrets").Line("    csi:").Line("      driver: secrets-store.csi.k8s.io").Line("      readOnly: true").Line("      volumeAttributes:").Line($"        secretProviderClass: {name}");
                })));
    }

    private static void Probes(YamlLines yaml, HealthCheckPlan? health)
    {
        var (path, every, timeout) = (health?.Path ?? "/", health is null ? 10 : Seconds(health.Interval), health is null ? 5 : Seconds(health.Timeout));
        var starting = health is null ? 60 : Seconds(health.StartDeadline);
        void Probe(string kind, int period, int failures) => yaml
            .Line($"  {kind}:").Line("    httpGet:").Line($"      path: {YamlLines.Quote(path)}").Line("      port: http")
            .Line($"    periodSeconds: {Number(period)}").Line($"    timeoutSeconds: {Number(timeout)}").Line($"    failureThreshold: {Number(failures)}");
        Probe("startupProbe", 2, Math.Max(5, starting / 2));
        Probe("readinessProbe", every, 2);
        // Slower than readiness: what is only busy is taken out of the way first, not killed.
        Probe("livenessProbe", every * 2, Math.Max(3, health?.FailuresUntilUnhealthy ?? 3));
    }

    private static YamlLines Head(YamlLines yaml, string version, string kind, string name) =>
        yaml.Line($"apiVersion: {version}").Line($"kind: {kind}").In("metadata:", () => Selector(yaml.Line($"name: {name}"), "labels:", name));

    private static void Selector(YamlLines yaml, string head, string name) => yaml.In(head, () => yaml.Line($"app.kubernetes.io/name: {name}"));

    private static int Seconds(TimeSpan time) => Math.Max(1, (int)time.TotalSeconds);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
