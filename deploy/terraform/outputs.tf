output "subscription" {
  description = "What workers take events from"
  value       = google_pubsub_subscription.events.id
}

output "dead_letter_subscription" {
  description = "What imagemeta redrive reads"
  value       = google_pubsub_subscription.dead_letters.id
}

output "service_account" {
  description = "As whom workers run"
  value       = google_service_account.worker.email
}
