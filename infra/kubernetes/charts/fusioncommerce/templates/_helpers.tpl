{{/* What the contracts say: services with who they call and what they read, and topics. */}}
{{- define "generated" -}}{{ .Files.Get "files/generated.yaml" }}{{- end }}

{{- define "labels" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/part-of: fusioncommerce
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
{{- end }}

{{- define "selector" -}}
{ app.kubernetes.io/name: {{ .name }}, app.kubernetes.io/part-of: fusioncommerce }
{{- end }}

{{- define "image" -}}{{ .Values.image.repository }}@{{ .Values.image.digest }}{{- end }}

{{/* The settings of one service: the defaults, with what it says itself in their place. */}}
{{- define "service" -}}
{{- $own := default dict (index .root.Values.services .name) -}}
{{- $defaults := deepCopy .root.Values.defaults -}}
{{- if hasKey $own "replicas" }}{{ $defaults = omit $defaults "autoscale" }}{{ end -}}
{{- if hasKey $own "autoscale" }}{{ $defaults = omit $defaults "replicas" }}{{ end -}}
{{- toYaml (mergeOverwrite $defaults (deepCopy $own)) -}}
{{- end }}

{{/* Every service of the contracts, and the gateway in front of them. */}}
{{- define "names" -}}
{{- $names := prepend (keys (include "generated" . | fromYaml).services | sortAlpha) "gateway" -}}
{{- range keys .Values.services }}{{ if not (has . $names) }}{{ fail (printf "services.%s is no service. Services are: %s" . (join ", " $names)) }}{{ end }}{{ end -}}
{{- toJson $names -}}
{{- end }}

{{- define "pod.security" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "container.security" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{/* What connects a process to the engines; `name` is the service whose user it is. */}}
{{- define "environment" -}}
- { name: KAFKA_BROKERS, value: {{ .root.Values.kafka.brokers | quote }} }
- { name: KAFKA_TLS, value: "true" }
- { name: KAFKA_TLS_CA, value: /run/kafka/ca.crt }
- { name: KAFKA_SASL, value: {{ .root.Values.kafka.sasl }} }
- { name: KAFKA_USERNAME, value: {{ .name }} }
- { name: KAFKA_PASSWORD_FILE, value: /run/credentials/KAFKA_PASSWORD }
{{- end }}
