import { executeServerCommand } from '@web/test-runner-commands';

/** How a page is displayed. What is left out is as the browser has it. */
export interface Display {
  readonly forcedColors?: 'active';
  readonly reducedMotion?: 'reduce';
  readonly colorScheme?: 'light' | 'dark';
  /** `none`: a touch screen. */
  readonly hover?: 'none';
}

/** Displays the page of this test file so from now on; `emulateDisplay({})` ends that. */
export async function emulateDisplay({
  forcedColors,
  reducedMotion,
  colorScheme,
  hover,
}: Display): Promise<void> {
  await executeServerCommand('emulate-display', {
    'forced-colors': forcedColors ?? '',
    'prefers-reduced-motion': reducedMotion ?? '',
    'prefers-color-scheme': colorScheme ?? '',
    hover: hover ?? '',
  });
}
