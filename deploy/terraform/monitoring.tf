locals {
  of_events       = "resource.type = \"pubsub_subscription\" AND resource.labels.subscription_id = \"${google_pubsub_subscription.events.name}\""
  of_dead_letters = "resource.type = \"pubsub_subscription\" AND resource.labels.subscription_id = \"${google_pubsub_subscription.dead_letters.name}\""
  metric          = "pubsub.googleapis.com/subscription"
  logging_resource = coalesce(var.logging_resource, {
    worker-pool = "cloud_run_worker_pool"
    push        = "cloud_run_revision"
    none        = "k8s_container"
  }[var.runs_as])
  # What the service logs of each message that went wrong. On a machine Docker's driver gcplogs keeps the line as a text in jsonPayload.message.
  outcomes = ["failing", "forbidden", "given up", "unstorable", "no event", "foreign", "from the future", "unconfirmed"]
  is_text  = local.logging_resource == "gce_instance"
  failed   = local.is_text ? "jsonPayload.message =~ \"\\\"outcome\\\":\\\"(${join("|", local.outcomes)})\\\"\"" : "jsonPayload.outcome = (${join(" OR ", [for outcome in local.outcomes : "\"${outcome}\""])})"
  failures = "${local.failed} AND resource.labels.project_id = \"${var.project}\""
}

resource "google_logging_metric" "failures" {
  project     = var.project
  name        = "imagemeta/failures"
  description = "Messages that imagemeta could not finish, by outcome"
  filter      = local.failures

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"
    labels {
      key        = "outcome"
      value_type = "STRING"
    }
  }

  label_extractors = {
    outcome = local.is_text ? "REGEXP_EXTRACT(jsonPayload.message, \"\\\"outcome\\\":\\\"([a-z ]+)\\\"\")" : "EXTRACT(jsonPayload.outcome)"
  }
}

resource "google_monitoring_alert_policy" "oldest_message" {
  project               = var.project
  display_name          = "imagemeta: an event has waited for ${var.oldest_message_minutes} minutes"
  combiner              = "OR"
  notification_channels = var.alert_channels

  conditions {
    display_name = "Age of the oldest event"
    condition_threshold {
      filter          = "metric.type = \"${local.metric}/oldest_unacked_message_age\" AND ${local.of_events}"
      comparison      = "COMPARISON_GT"
      threshold_value = var.oldest_message_minutes * 60
      duration        = "300s"
      aggregations {
        alignment_period   = "60s"
        per_series_aligner = "ALIGN_MAX"
      }
    }
  }

  documentation {
    content = "`imagemeta status` tells the backlog. More workers help unless they log that the bucket or the store does not answer."
  }
}

resource "google_monitoring_alert_policy" "dead_letters" {
  project               = var.project
  display_name          = "imagemeta: dead letters"
  combiner              = "OR"
  notification_channels = var.alert_channels

  conditions {
    display_name = "Dead letters that wait"
    condition_threshold {
      filter          = "metric.type = \"${local.metric}/num_undelivered_messages\" AND ${local.of_dead_letters}"
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "0s"
      aggregations {
        alignment_period   = "60s"
        per_series_aligner = "ALIGN_MAX"
      }
    }
  }

  documentation {
    content = "`imagemeta redrive --from ${google_pubsub_subscription.dead_letters.id}` lists them with their reasons."
  }
}

resource "google_monitoring_alert_policy" "failures" {
  project               = var.project
  display_name          = "imagemeta: many messages fail"
  combiner              = "OR"
  notification_channels = var.alert_channels

  conditions {
    display_name = "More than one in a second, for ten minutes"
    condition_threshold {
      filter          = "metric.type = \"logging.googleapis.com/user/${google_logging_metric.failures.name}\" AND resource.type = \"${local.logging_resource}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 1
      duration        = "600s"
      aggregations {
        alignment_period     = "60s"
        per_series_aligner   = "ALIGN_RATE"
        cross_series_reducer = "REDUCE_SUM"
      }
    }
  }

  documentation {
    content = "The logs name outcome, code and object of each: ${local.failed}"
  }
}

locals {
  charts = [
    { title = "Events that wait", filter = "metric.type = \"${local.metric}/num_undelivered_messages\" AND ${local.of_events}", aligner = "ALIGN_MAX" },
    { title = "Age of the oldest, seconds", filter = "metric.type = \"${local.metric}/oldest_unacked_message_age\" AND ${local.of_events}", aligner = "ALIGN_MAX" },
    { title = "Acknowledged, a second", filter = "metric.type = \"${local.metric}/ack_message_count\" AND ${local.of_events}", aligner = "ALIGN_RATE" },
    { title = "Dead letters", filter = "metric.type = \"${local.metric}/num_undelivered_messages\" AND ${local.of_dead_letters}", aligner = "ALIGN_MAX" },
    { title = "Failures, a second", filter = "metric.type = \"logging.googleapis.com/user/${google_logging_metric.failures.name}\"", aligner = "ALIGN_RATE" },
    { title = "Requests to the bucket, a second", filter = "metric.type = \"storage.googleapis.com/api/request_count\" AND resource.type = \"gcs_bucket\" AND resource.labels.bucket_name = \"${var.bucket}\"", aligner = "ALIGN_RATE" },
  ]
}

resource "google_monitoring_dashboard" "this" {
  project = var.project
  dashboard_json = jsonencode({
    displayName = "imagemeta: ${var.bucket}"
    mosaicLayout = {
      columns = 12
      tiles = [
        for i, chart in local.charts : {
          xPos   = i % 2 * 6
          yPos   = floor(i / 2) * 4
          width  = 6
          height = 4
          widget = {
            title = chart.title
            xyChart = {
              dataSets = [{
                plotType = "LINE"
                timeSeriesQuery = {
                  timeSeriesFilter = {
                    filter      = chart.filter
                    aggregation = { alignmentPeriod = "60s", perSeriesAligner = chart.aligner, crossSeriesReducer = "REDUCE_SUM" }
                  }
                }
              }]
            }
          }
        }
      ]
    }
  })
}
