import { recall, remember } from './remembered.js';

const THEMES = ['system', 'light', 'dark'] as const;

/** Theme of the page; `system`: that of the operating system. */
export type Theme = (typeof THEMES)[number];

/** The theme that was chosen last. */
export function rememberedTheme(): Theme {
  return recall('browser', 'theme', isTheme) ?? 'system';
}

/** Applies a theme to the page and remembers it. */
export function applyTheme(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme;
  remember('browser', 'theme', theme === 'system' ? undefined : theme);
}

/** The next theme, for a button that cycles through all of them. */
export function nextTheme(theme: Theme): Theme {
  return THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system';
}

function isTheme(value: unknown): value is Theme {
  return THEMES.some((theme) => theme === value);
}
