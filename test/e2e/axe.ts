import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** The themes of the window: what the system asks for, and the contrast of the settings. */
const themes = {
  light: { colorScheme: 'light', forcedColors: 'none', contrast: 'normal' },
  dark: { colorScheme: 'dark', forcedColors: 'none', contrast: 'normal' },
  'high contrast': { colorScheme: 'dark', forcedColors: 'none', contrast: 'high' },
  'forced colors': { colorScheme: 'light', forcedColors: 'active', contrast: 'normal' },
} as const;

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Run in the page, where axe was put before. */
async function findViolations(): Promise<string[]> {
  // SAFETY: axe defines it.
  const { axe: runner } = window as unknown as {
    axe: {
      run(
        context: object,
        options: object,
      ): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
    };
  };
  // What lies behind a dialog is dimmed, and nobody can reach it.
  const context = document.querySelector('[role=dialog]') ?? document;
  // A menu belongs to what opened it, wherever it is in the document: it needs no landmark (ARIA APG, Menu).
  const rules = { region: { enabled: document.querySelector('[role=menu]') === null } };
  return (await runner.run(context, { rules })).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}

/** Sees that axe finds no violation in what the page shows, in every theme. @param screen names it in a failure */
export async function expectAccessible(page: Page, screen: string): Promise<void> {
  for (const [theme, { colorScheme, forcedColors, contrast }] of Object.entries(themes)) {
    await page.emulateMedia({ colorScheme, forcedColors, reducedMotion: 'reduce' });
    await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor({ state: 'attached' });
    await page.evaluate((value) => {
      document.documentElement.dataset['contrast'] = value;
    }, contrast);
    if (await page.evaluate(() => !('axe' in window))) await page.evaluate(`${axe}; 0`);
    // Asked until it holds: colors that change with the theme take their moment.
    await expect
      .poll(async () => ({ screen, theme, violations: await page.evaluate(findViolations) }))
      .toEqual({ screen, theme, violations: [] });
  }
  await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none' });
}
