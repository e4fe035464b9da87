output "name" {
  value = aws_eks_cluster.this.name
}

output "security_group" {
  description = "Of control plane and nodes"
  value       = aws_eks_cluster.this.vpc_config[0].cluster_security_group_id
}

output "autoscaling_group" {
  description = "Of the nodes"
  value       = aws_eks_node_group.this.resources[0].autoscaling_groups[0].name
}
