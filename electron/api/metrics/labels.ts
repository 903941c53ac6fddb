/** `instance` is what blackbox_exporter's rules go by; a scrape with `honor_labels` keeps it. */
export const jobLabels = ['instance', 'job_id', 'host', 'port', 'name'] as const;
export type JobLabels = Record<(typeof jobLabels)[number], string>;
