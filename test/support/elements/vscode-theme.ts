/** A colour theme of VS Code, as a webview gets it; see `test/fixtures/vscode`. */
export interface VscodeTheme {
  /** Value of `data-vscode-theme-kind`, and the class of `body`. */
  readonly kind: string;
  readonly label: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** The names of the themes in `test/fixtures/vscode`. */
export const VSCODE_THEMES = ['dark-modern', 'light-modern', 'high-contrast', 'high-contrast-light'] as const;

/** Reads a theme from the fixtures. */
export async function vscodeTheme(name: (typeof VSCODE_THEMES)[number]): Promise<VscodeTheme> {
  const response = await fetch(`/test/fixtures/vscode/${name}.json`);
  if (!response.ok) throw new Error(`There is no theme ${name}.`);
  return (await response.json()) as VscodeTheme;
}

/** Gives the page a theme as VS Code does: variables on the root, a class and attributes on `body`, in this order. */
export function applyTheme({ kind, label, variables }: VscodeTheme): void {
  leaveTheme();
  const { body, documentElement } = document;
  body.classList.add(kind);
  if (kind === 'vscode-high-contrast-light') body.classList.add('vscode-high-contrast');
  body.dataset['vscodeThemeKind'] = kind;
  body.dataset['vscodeThemeName'] = label;
  for (const [name, value] of Object.entries(variables)) documentElement.style.setProperty(name, value);
}

/** Takes the theme away again. */
export function leaveTheme(): void {
  const { body, documentElement } = document;
  body.classList.remove('vscode-light', 'vscode-dark', 'vscode-high-contrast', 'vscode-high-contrast-light');
  delete body.dataset['vscodeThemeKind'];
  delete body.dataset['vscodeThemeName'];
  for (const name of Array.from(documentElement.style)) {
    if (name.startsWith('--vscode-')) documentElement.style.removeProperty(name);
  }
}
