import { paneField, setPreferences, usePreferences } from '../lib/preferences.ts';
import { useWindowWidth } from '../lib/use-window-width.ts';
import classes from './job-detail.module.css';

const minWidth = 360;
const stepWidth = 24;

/** Changes the width of the host page, by drag or arrow keys (WAI-ARIA APG, Window Splitter). */
export function PaneResizer() {
  const field = paneField(useWindowWidth());
  const paneWidth = usePreferences()[field];
  const maxWidth = () => Math.max(minWidth, Math.round(window.innerWidth * 0.6));
  const resize = (width: number) =>
    setPreferences({ [field]: Math.round(Math.min(maxWidth(), Math.max(minWidth, width))) });
  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that moves is no hr.
    <div
      className={classes['resizer']}
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label="Width of the host page"
      aria-valuenow={paneWidth}
      aria-valuemin={minWidth}
      aria-valuemax={maxWidth()}
      onKeyDown={(event) => {
        if (event.key === 'ArrowLeft') resize(paneWidth + stepWidth);
        else if (event.key === 'ArrowRight') resize(paneWidth - stepWidth);
        else return;
        event.preventDefault();
      }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        event.preventDefault();
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) resize(window.innerWidth - event.clientX);
      }}
    />
  );
}
