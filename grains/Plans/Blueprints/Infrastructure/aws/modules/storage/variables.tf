variable "name" {
  description = "Name of the bucket, unique in the world"
  type        = string
}

variable "protect" {
  description = "Refuse to delete a bucket that has objects"
  type        = bool
}

variable "version_days" {
  description = "Days for which replaced and deleted objects can be restored"
  type        = number
}
