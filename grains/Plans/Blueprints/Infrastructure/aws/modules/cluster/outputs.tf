output "arn" {
  value = aws_ecs_cluster.this.arn
}

output "name" {
  value = aws_ecs_cluster.this.name
}

output "balancer_security_group" {
  value = aws_security_group.balancer.id
}

output "balancer_name" {
  value = aws_lb.this.dns_name
}

output "balancer_zone" {
  value = aws_lb.this.zone_id
}

output "listener_arn" {
  value = aws_lb_listener.https.arn
}

output "namespace_id" {
  value = aws_service_discovery_private_dns_namespace.this.id
}

output "namespace" {
  value = aws_service_discovery_private_dns_namespace.this.name
}
