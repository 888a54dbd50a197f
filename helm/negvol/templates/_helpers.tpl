{{- define "negvol.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* At most 52 characters, so that the longest suffix and a pod's ordinal still make a DNS label. */}}
{{- define "negvol.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "negvol.selectorLabels" -}}
app.kubernetes.io/name: {{ include "negvol.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "negvol.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "negvol.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{- define "negvol.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "negvol.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "negvol.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{- define "negvol.claimName" -}}
{{- default (printf "%s-data" (include "negvol.fullname" .)) .Values.storage.existingClaim -}}
{{- end -}}

{{/* The external database, and in the environment who asks it. */}}
{{- define "negvol.databaseUrl" -}}
{{- with .Values.database.external -}}
jdbc:postgresql://{{ .host }}:{{ .port }}/{{ .name }}?sslmode={{ .sslMode }}{{ if .caSecret }}&sslrootcert=/etc/negvol/database/ca.crt{{ end }}
{{- end -}}
{{- end -}}

{{- define "negvol.databaseUser" -}}
- name: QUARKUS_DATASOURCE_USERNAME
  valueFrom:
    secretKeyRef:
      name: {{ .Values.database.external.existingSecret }}
      key: {{ .Values.database.external.usernameKey }}
- name: QUARKUS_DATASOURCE_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ .Values.database.external.existingSecret }}
      key: {{ .Values.database.external.passwordKey }}
{{- end -}}

{{/* Whether data lie on a volume of the release, and not only in a bucket. */}}
{{- define "negvol.claims" -}}
{{- if or (eq .Values.mode "standalone") (not .Values.s3.bucket) -}}
true
{{- end -}}
{{- end -}}

{{/* Whether something else than the chart says how many workers there are. */}}
{{- define "negvol.scaled" -}}
{{- if ne .Values.worker.autoscaling.by "nothing" -}}
true
{{- end -}}
{{- end -}}

{{/* The name the test pod calls from: its own headless Service, so that the node's look-up finds the
     address of that pod and of no other. */}}
{{- define "negvol.testHost" -}}
{{- printf "%s-test.%s.svc" (include "negvol.fullname" .) .Release.Namespace -}}
{{- end -}}

{{/* Whether helm test can call: its C-ECHO speaks no TLS. */}}
{{- define "negvol.tested" -}}
{{- if and .Values.tests.enabled (or .Values.tls.plain (not .Values.tls.enabled)) -}}
true
{{- end -}}
{{- end -}}

{{/* A value of a Java properties file: what would end or change it is escaped, and large numbers are
     not written with an exponent. */}}
{{- define "negvol.property" -}}
{{- $value := . -}}
{{- if kindIs "float64" . -}}
{{- if eq (floor .) . -}}
{{- $value = int64 . -}}
{{- end -}}
{{- end -}}
{{- toString $value | replace "\\" "\\\\" | replace "\n" "\\n" -}}
{{- end -}}

{{/* True while a counter has grown within a window. A counter appears with its first event, which
     increase() alone does not see. Arguments: metric with selector, window. */}}
{{- define "negvol.grown" -}}
{{- $counter := index . 0 -}}
{{- $window := index . 1 -}}
{{- printf "increase(%s[%s]) > 0 or (%s > 0 unless %s offset %s)" $counter $window $counter $counter $window -}}
{{- end -}}
