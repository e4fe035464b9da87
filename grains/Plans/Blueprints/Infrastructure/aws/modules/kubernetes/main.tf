# Kubernetes: a control plane that is reached from the network alone, nodes that are replaced rather than signed in to, and the add-ons that workloads rely on.

resource "aws_kms_key" "this" {
  description             = "${var.name}: secrets of the cluster at rest"
  enable_key_rotation     = true
  deletion_window_in_days = 30
}

# Made here and not by EKS, so that it ends after a time.
resource "aws_cloudwatch_log_group" "control_plane" {
  name              = "/aws/eks/${var.name}/cluster"
  retention_in_days = var.log_days
}

resource "aws_cloudwatch_log_group" "workloads" {
  name              = "/aws/containerinsights/${var.name}/application"
  retention_in_days = var.log_days
}

data "aws_iam_policy_document" "cluster_assume" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["eks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "cluster" {
  name               = "${var.name}-cluster"
  assume_role_policy = data.aws_iam_policy_document.cluster_assume.json
}

resource "aws_iam_role_policy_attachment" "cluster" {
  role       = aws_iam_role.cluster.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"
}

resource "aws_eks_cluster" "this" {
  name                          = var.name
  role_arn                      = aws_iam_role.cluster.arn
  version                       = var.kubernetes_version
  enabled_cluster_log_types     = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
  bootstrap_self_managed_addons = false
  deletion_protection           = var.protect

  access_config {
    authentication_mode                         = "API"
    bootstrap_cluster_creator_admin_permissions = false
  }

  encryption_config {
    resources = ["secrets"]

    provider {
      key_arn = aws_kms_key.this.arn
    }
  }

  # Whoever administers it comes through the network: a runner inside it, a VPN, or a session of Systems Manager.
  vpc_config {
    subnet_ids              = var.subnets
    endpoint_private_access = true
    endpoint_public_access  = false
  }

  # An upgrade is a change of kubernetes_version that somebody approves, before the support ends that costs six times as much.
  upgrade_policy {
    support_type = "STANDARD"
  }

  depends_on = [aws_iam_role_policy_attachment.cluster, aws_cloudwatch_log_group.control_plane]
}

resource "aws_eks_access_entry" "operator" {
  for_each      = toset(var.operators)
  cluster_name  = aws_eks_cluster.this.name
  principal_arn = each.key
}

resource "aws_eks_access_policy_association" "operator" {
  for_each      = aws_eks_access_entry.operator
  cluster_name  = aws_eks_cluster.this.name
  principal_arn = each.value.principal_arn
  policy_arn    = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"

  access_scope {
    type = "cluster"
  }
}

data "aws_iam_policy_document" "node_assume" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

# A node joins the cluster and pulls images; everything else is given to the add-on or service that needs it.
resource "aws_iam_role" "node" {
  name               = "${var.name}-node"
  assume_role_policy = data.aws_iam_policy_document.node_assume.json
}

resource "aws_iam_role_policy_attachment" "node" {
  for_each   = toset(["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly"])
  role       = aws_iam_role.node.name
  policy_arn = "arn:aws:iam::aws:policy/${each.key}"
}

# Bottlerocket has no shell. With one hop, a container does not reach the credentials of its node.
resource "aws_launch_template" "node" {
  name                   = "${var.name}-node"
  update_default_version = true

  metadata_options {
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  dynamic "block_device_mappings" {
    for_each = { "/dev/xvda" = 4, "/dev/xvdb" = var.node_disk_gib }

    content {
      device_name = block_device_mappings.key

      ebs {
        volume_size = block_device_mappings.value
        volume_type = "gp3"
        encrypted   = true
      }
    }
  }

  tag_specifications {
    resource_type = "instance"
    tags          = { Name = "${var.name}-node" }
  }
}

resource "aws_eks_node_group" "this" {
  cluster_name    = aws_eks_cluster.this.name
  node_group_name = var.name
  node_role_arn   = aws_iam_role.node.arn
  subnet_ids      = var.subnets
  ami_type        = "BOTTLEROCKET_x86_64"
  instance_types  = [var.node_type]

  launch_template {
    id      = aws_launch_template.node.id
    version = aws_launch_template.node.latest_version
  }

  scaling_config {
    desired_size = var.nodes
    min_size     = var.nodes
    max_size     = var.most_nodes
  }

  update_config {
    max_unavailable = 1
  }

  node_repair_config {
    enabled = true
  }

  # How many there are now is decided by their load.
  lifecycle {
    ignore_changes = [scaling_config[0].desired_size]
  }

  depends_on = [aws_iam_role_policy_attachment.node, aws_eks_addon.network]
}

# Pods are held at 60 % of what they ask for, so nodes that are full of them are well above this. A node that goes is drained first.
resource "aws_autoscaling_policy" "nodes" {
  name                   = "${var.name}-nodes"
  autoscaling_group_name = aws_eks_node_group.this.resources[0].autoscaling_groups[0].name
  policy_type            = "TargetTrackingScaling"

  target_tracking_configuration {
    target_value = 45

    predefined_metric_specification {
      predefined_metric_type = "ASGAverageCPUUtilization"
    }
  }
}

data "aws_iam_policy_document" "pod_assume" {
  statement {
    actions = ["sts:AssumeRole", "sts:TagSession"]

    principals {
      type        = "Service"
      identifiers = ["pods.eks.amazonaws.com"]
    }
  }
}

locals {
  # What an add-on may do at AWS is its own, not its node's.
  rights = { vpc-cni = "AmazonEKS_CNI_Policy", amazon-cloudwatch-observability = "CloudWatchAgentServerPolicy" }
}

resource "aws_iam_role" "addon" {
  for_each           = local.rights
  name               = "${var.name}-${each.key}"
  assume_role_policy = data.aws_iam_policy_document.pod_assume.json
}

resource "aws_iam_role_policy_attachment" "addon" {
  for_each   = local.rights
  role       = aws_iam_role.addon[each.key].name
  policy_arn = "arn:aws:iam::aws:policy/${each.value}"
}

# Without these a node never becomes ready, so they come before it.
resource "aws_eks_addon" "network" {
  for_each                    = { vpc-cni = jsonencode({ enableNetworkPolicy = "true" }), kube-proxy = null, eks-pod-identity-agent = null }
  cluster_name                = aws_eks_cluster.this.name
  addon_name                  = each.key
  configuration_values        = each.value
  resolve_conflicts_on_update = "OVERWRITE"

  dynamic "pod_identity_association" {
    for_each = { for addon, role in aws_iam_role.addon : addon => role.arn if addon == each.key }

    content {
      role_arn        = pod_identity_association.value
      service_account = "aws-node"
    }
  }
}

resource "aws_eks_addon" "workloads" {
  for_each = {
    coredns                               = null
    metrics-server                        = null
    amazon-cloudwatch-observability       = null
    aws-secrets-store-csi-driver-provider = jsonencode({ secrets-store-csi-driver = { syncSecret = { enabled = true }, enableSecretRotation = true, rotationPollInterval = "3600s" } })
  }

  cluster_name                = aws_eks_cluster.this.name
  addon_name                  = each.key
  configuration_values        = each.value
  resolve_conflicts_on_update = "OVERWRITE"

  dynamic "pod_identity_association" {
    for_each = { for addon, role in aws_iam_role.addon : addon => role.arn if addon == each.key }

    content {
      role_arn        = pod_identity_association.value
      service_account = "cloudwatch-agent"
    }
  }

  depends_on = [aws_eks_node_group.this, aws_cloudwatch_log_group.workloads]
}
