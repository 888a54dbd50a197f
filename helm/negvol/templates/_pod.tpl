{{/* The pod of a workload. Arguments: the chart's context; a role, or none for all of them; the
     values of that role. */}}
{{- define "negvol.pod" -}}
{{- $ := index . 0 -}}
{{- $role := index . 1 -}}
{{- $own := index . 2 -}}
{{- $external := eq $.Values.database.mode "external" -}}
metadata:
  labels:
    {{- include "negvol.selectorLabels" $ | nindent 4 }}
    app.kubernetes.io/component: node
    {{- with $role }}
    negvol.org/role: {{ . }}
    {{- end }}
    {{- with $.Values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    # The configuration is read at start, so another one needs another pod.
    checksum/config: {{ include (print $.Template.BasePath "/configmap.yaml") $ | sha256sum }}
    {{- with $.Values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "negvol.serviceAccountName" $ }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  # Associations and work drain first; then HTTP, the database and the locks are closed.
  terminationGracePeriodSeconds: {{ add $.Values.workflow.drainSeconds 60 }}
  {{- with $.Values.image.pullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . }}
    {{- end }}
  {{- end }}
  {{- with $.Values.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  securityContext:
    {{- toYaml $.Values.podSecurityContext | nindent 4 }}
  containers:
    - name: negvol
      image: {{ include "negvol.image" $ | quote }}
      imagePullPolicy: {{ $.Values.image.pullPolicy }}
      securityContext:
        {{- toYaml $.Values.securityContext | nindent 8 }}
      ports:
        {{- if has $role (list "" "receiver") }}
        - name: dimse
          containerPort: {{ $.Values.dimse.port }}
        {{- if $.Values.tls.enabled }}
        - name: dimse-tls
          containerPort: {{ $.Values.tls.port }}
        {{- end }}
        {{- end }}
        - name: http
          containerPort: {{ $.Values.service.http.port }}
      env:
        - name: JAVA_TOOL_OPTIONS
          value: {{ prepend $.Values.java.options (printf "-XX:MaxRAMPercentage=%v" $.Values.java.maxRamPercentage) | join " " | quote }}
        {{- if eq $.Values.logging.format "json" }}
        - name: QUARKUS_PROFILE
          value: prod,json
        {{- end }}
        {{- if $external }}
        {{- include "negvol.databaseUser" $ | nindent 8 }}
        {{- end }}
        {{- if and $.Values.web.logIn $.Values.web.existingSecret }}
        - name: QUARKUS_OIDC_CREDENTIALS_SECRET
          valueFrom:
            secretKeyRef:
              name: {{ $.Values.web.existingSecret }}
              key: client-secret
        {{- end }}
        {{- with $role }}
        - name: NEGVOL_ROLES
          value: {{ . }}
        {{- end }}
        {{- if and $.Values.s3.bucket $.Values.s3.existingSecret }}
        - name: NEGVOL_ARCHIVE_S3_ACCESS_KEY
          valueFrom:
            secretKeyRef:
              name: {{ $.Values.s3.existingSecret }}
              key: {{ $.Values.s3.accessKeyKey }}
        - name: NEGVOL_ARCHIVE_S3_SECRET_KEY
          valueFrom:
            secretKeyRef:
              name: {{ $.Values.s3.existingSecret }}
              key: {{ $.Values.s3.secretKeyKey }}
        {{- end }}
        {{- with $.Values.extraEnv }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      startupProbe:
        httpGet: {path: /q/health/started, port: http}
        {{- toYaml $.Values.probes.startup | nindent 8 }}
      livenessProbe:
        httpGet: {path: /q/health/live, port: http}
        {{- toYaml $.Values.probes.liveness | nindent 8 }}
      readinessProbe:
        httpGet: {path: /q/health/ready, port: http}
        {{- toYaml $.Values.probes.readiness | nindent 8 }}
      resources:
        {{- toYaml (default $.Values.resources $own.resources) | nindent 8 }}
      volumeMounts:
        - name: data
          mountPath: /var/lib/negvol
        - name: config
          mountPath: /opt/negvol/config
          readOnly: true
        - name: tmp
          mountPath: /tmp
        {{- if and $external $.Values.database.external.caSecret }}
        - name: database-ca
          mountPath: /etc/negvol/database
          readOnly: true
        {{- end }}
        {{- if $.Values.tls.enabled }}
        - name: tls
          mountPath: /etc/negvol/tls
          readOnly: true
        {{- end }}
        {{- if $.Values.models.existingClaim }}
        - name: models
          mountPath: /models
          readOnly: true
        {{- end }}
        {{- with $.Values.extraVolumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
  volumes:
    - name: data
      {{- if include "negvol.claims" $ }}
      persistentVolumeClaim:
        claimName: {{ include "negvol.claimName" $ }}
      {{- else }}
      # Only what is on its way to the object store, and audit files until they are sent.
      emptyDir:
        sizeLimit: {{ $.Values.s3.gatheringSize }}
      {{- end }}
    - name: config
      configMap:
        name: {{ include "negvol.fullname" $ }}
    # ONNX Runtime unpacks its library here.
    - name: tmp
      emptyDir:
        sizeLimit: 1Gi
    {{- if and $external $.Values.database.external.caSecret }}
    - name: database-ca
      secret:
        secretName: {{ $.Values.database.external.caSecret }}
        items:
          - key: ca.crt
            path: ca.crt
    {{- end }}
    {{- if $.Values.tls.enabled }}
    - name: tls
      secret:
        secretName: {{ $.Values.tls.existingSecret }}
    {{- end }}
    {{- if $.Values.models.existingClaim }}
    - name: models
      persistentVolumeClaim:
        claimName: {{ $.Values.models.existingClaim }}
        readOnly: true
    {{- end }}
    {{- with $.Values.extraVolumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with default $.Values.nodeSelector $own.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with default $.Values.tolerations $own.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- if $role }}
  topologySpreadConstraints:
    # The loss of a machine should leave some of each role.
    - maxSkew: 1
      topologyKey: kubernetes.io/hostname
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "negvol.selectorLabels" $ | nindent 10 }}
          negvol.org/role: {{ $role }}
  {{- end }}
  {{- with $.Values.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}
