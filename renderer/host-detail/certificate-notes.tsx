import { isCounted } from '../../shared/domain/severity.ts';
import type { Problem } from '../../shared/schema/check-result.ts';
import classes from './job-detail.module.css';

/** Lists deviations from standards that no mainstream client refuses. */
export function CertificateNotes({ problems }: { problems: readonly Problem[] }) {
  const notes = problems.filter((problem) => !isCounted(problem));
  if (notes.length === 0) return null;
  return (
    <section>
      <h3 id="certificate-notes">Deviations from standards</h3>
      <ul className={classes['history']} aria-labelledby="certificate-notes">
        {notes.map(({ code, message, remedy }) => (
          <li key={code}>
            {message}
            <small>{remedy}</small>
          </li>
        ))}
      </ul>
    </section>
  );
}
