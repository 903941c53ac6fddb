import type { JobStatus } from '../../shared/schema/job.ts';

/** What a mark can show. The tray uses the same shapes. */
export type Mark = JobStatus | 'paused' | 'accepted';

const words: Record<Mark, string> = {
  ok: 'OK',
  warning: 'Warning',
  critical: 'Critical',
  unreachable: 'Unreachable',
  pending: 'Not checked yet',
  paused: 'Paused',
  accepted: 'Accepted',
};

/** Shows a status by shape and color, with a name for screen readers. Pass an empty `label` where the name is beside it. */
export function StatusMark({
  mark,
  size = 16,
  label = words[mark],
}: {
  mark: Mark;
  size?: number;
  label?: string;
}) {
  const frame = {
    width: size,
    height: size,
    viewBox: '0 0 16 16',
    style: { flex: 'none', display: 'block' },
  };
  if (label === '') {
    return (
      <svg {...frame} aria-hidden="true">
        {shapes[mark]}
      </svg>
    );
  }
  return (
    <svg {...frame} role="img" aria-label={label}>
      <title>{label}</title>
      {shapes[mark]}
    </svg>
  );
}

const shapes: Record<Mark, React.ReactNode> = {
  ok: (
    <>
      <circle cx="8" cy="8" r="6.2" fill="none" stroke="var(--ok)" strokeWidth="1.6" />
      <path d="m5.2 8.2 2 2 3.6-4" fill="none" stroke="var(--ok)" strokeWidth="1.6" />
    </>
  ),
  warning: (
    <>
      <path d="M8 1.2 15.4 14.4H.6Z" fill="var(--warning)" />
      <path d="M8 6v4M8 11.4v1.4" stroke="var(--bg)" strokeWidth="1.8" />
    </>
  ),
  critical: (
    <>
      <path d="M5 .8h6L15.2 5v6L11 15.2H5L.8 11V5Z" fill="var(--critical)" />
      <path d="M8 4v5M8 10.4v1.8" stroke="var(--bg)" strokeWidth="1.9" />
    </>
  ),
  unreachable: (
    <>
      <circle cx="8" cy="8" r="6.2" fill="none" stroke="var(--unreachable)" strokeWidth="1.8" />
      <path d="m3.6 12.4 8.8-8.8" stroke="var(--unreachable)" strokeWidth="1.8" />
    </>
  ),
  pending: (
    <circle
      cx="8"
      cy="8"
      r="6.2"
      fill="none"
      stroke="var(--off)"
      strokeWidth="1.6"
      strokeDasharray="2.6 2.2"
    />
  ),
  accepted: (
    <>
      <rect x="2" y="2" width="12" height="12" rx="2" fill="none" stroke="var(--off)" strokeWidth="1.6" />
      <path d="m5.2 8.2 2 2 3.6-4" fill="none" stroke="var(--off)" strokeWidth="1.6" />
    </>
  ),
  paused: (
    <>
      <circle cx="8" cy="8" r="6.2" fill="none" stroke="var(--off)" strokeWidth="1.6" />
      <path d="M6.3 5.4v5.2M9.7 5.4v5.2" stroke="var(--off)" strokeWidth="1.7" />
    </>
  ),
};
