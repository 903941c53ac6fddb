import { useAnnouncement } from '../lib/announce.ts';

/** Reads announcements to screen readers. */
export function LiveRegion() {
  const message = useAnnouncement();
  return (
    <div className="unseen" role="status" aria-live="polite" data-announcements>
      {message}
    </div>
  );
}
