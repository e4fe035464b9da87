namespace ProdSprint.Plans.Blueprints.Pipelines;

/// <summary>What a pipeline does to deploy: it asks ProdSprint and waits. Shell with curl and jq, which the runners have.</summary>
internal static class DeployScript
{
    /// <param name="commit">The shell's expression for the commit.</param>
    public static string Release(string project, string commit) => $$"""
        set -euo pipefail
        : "${PRODSPRINT_URL:?set the variable PRODSPRINT_URL}" "${PRODSPRINT_TOKEN:?set the secret PRODSPRINT_TOKEN}"
        ask() { curl --fail-with-body --silent --show-error --retry 5 --retry-connrefused -H "Authorization: Bearer $PRODSPRINT_TOKEN" -H 'Content-Type: application/json' "$@"; }
        ask -X POST "$PRODSPRINT_URL/v1/projects/{{project}}/releases" -H "Idempotency-Key: release-{{commit}}" -d "{\"ref\":\"{{commit}}\"}"; echo
        for _ in $(seq 1 360); do
          release=$(ask "$PRODSPRINT_URL/v1/projects/{{project}}/releases?limit=50" | jq -c --arg commit "{{commit}}" '[.items[] | select(.commit == $commit)][0] // {}')
          case "$(jq -r '.phase // "none"' <<<"$release")" in
            none) if [ "$(ask "$PRODSPRINT_URL/v1/projects/{{project}}" | jq -r .state)" = waiting-for-approval ]; then echo "The plan waits for approval: $PRODSPRINT_URL"; exit 0; fi ;;
            ended)
              echo "$(jq -r .message <<<"$release")"
              case "$(jq -r .outcome <<<"$release")" in promoted | fastPromoted) exit 0 ;; *) exit 1 ;; esac ;;
            *) echo "$(jq -r '"\(.phase): \(.canaryWeightPercent) %"' <<<"$release")" ;;
          esac
          sleep 10
        done
        echo "Still running: $PRODSPRINT_URL"; exit 1
        """;

    public const string Smoke = """
        set -euo pipefail
        : "${APP_URL:?set the variable APP_URL}"
        curl --fail --silent --show-error --retry 5 --max-time 10 --output /dev/null "$APP_URL"
        """;
}
