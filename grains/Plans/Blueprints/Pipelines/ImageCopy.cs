using ProdSprint.Plans.Blueprints.Infrastructure;

namespace ProdSprint.Plans.Blueprints.Pipelines;

/// <summary>
/// Brings an image to where Terraform's tasks look for it: the repository of each environment at AWS, by the digest that was built, scanned and signed. A copy of an index keeps its digest.
/// Without the variable AWS_ROLE_ARN nothing is copied: the local target needs no registry.
/// </summary>
internal static class ImageCopy
{
    public static string Script(string project, string service) => $$"""
        set -euo pipefail
        if [ -z "$AWS_ROLE_ARN" ]; then echo "The variable AWS_ROLE_ARN is not set: the image stays at $IMAGE@$DIGEST"; exit 0; fi
        : "${AWS_REGION:?set the variable AWS_REGION}"
        AWS_WEB_IDENTITY_TOKEN_FILE=$(mktemp); export AWS_WEB_IDENTITY_TOKEN_FILE
        curl --fail --silent --show-error -H "Authorization: Bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN" "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=sts.amazonaws.com" | jq -r .value >"$AWS_WEB_IDENTITY_TOKEN_FILE"
        registry=$(aws sts get-caller-identity --query Account --output text).dkr.ecr.$AWS_REGION.amazonaws.com
        aws ecr get-login-password | docker login --username AWS --password-stdin "$registry"
        for repository in {{string.Join(' ', PlanBuilder.Environments.Select(e => ShellRepository(project, e, service)))}}; do
          if ! aws ecr describe-repositories --repository-names "$repository" >/dev/null 2>&1; then echo "There is no repository $repository yet: apply the infrastructure first"; continue; fi
          # A tag there is never moved, so a run that is repeated must not write it again.
          if aws ecr describe-images --repository-name "$repository" --image-ids "imageDigest=$DIGEST" >/dev/null 2>&1; then continue; fi
          docker buildx imagetools create --tag "$registry/$repository:$GITHUB_SHA" "$IMAGE@$DIGEST"
        done
        echo "image_digests: {{service}} = \"$DIGEST\"" >>"$GITHUB_STEP_SUMMARY"
        """;

    private static string ShellRepository(string project, string environment, string service) => Projects.ShellWord.Quote($"{AwsRoot.NameOf(project, environment)}/{service}");
}
