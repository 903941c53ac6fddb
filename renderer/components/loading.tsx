import classes from './loading.module.css';

/** Grey bars in place of what is being read. @param what names it for screen readers: `Loading alerts` */
export function Loading({ what }: { what: string }) {
  return (
    <div className={classes['bars']} role="status" aria-label={what}>
      {[0, 1, 2, 3].map((bar) => (
        <div key={bar} />
      ))}
    </div>
  );
}
