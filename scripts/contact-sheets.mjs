/** Contact sheets: many pictures on one, each with its name. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Pictures of one sheet. */
const PER_SHEET = 12;

/**
 * Writes `sheet-1.png`, `sheet-2.png` and so on into a folder: its pictures `files`, twelve on each.
 *
 * @param {import('playwright-core').Browser} browser
 * @param {string} folder
 * @param {readonly string[]} files
 * @returns {Promise<void>}
 */
export async function writeContactSheets(browser, folder, files) {
  const page = await browser.newPage({ viewport: { width: 1900, height: 900 } });
  const sheet = join(folder, 'sheet.html');
  for (let start = 0; start < files.length; start += PER_SHEET) {
    const figures = files.slice(start, start + PER_SHEET).map(figureOf);
    writeFileSync(
      sheet,
      `<!doctype html><body style="background:#ddd;font:14px sans-serif">${figures.join(' ')}`,
    );
    await page.goto(pathToFileURL(sheet).href);
    await page.screenshot({ path: join(folder, `sheet-${start / PER_SHEET + 1}.png`), fullPage: true });
  }
  rmSync(sheet, { force: true });
  await page.close();
}

/** @param {string} file */
function figureOf(file) {
  return `<figure style="display:inline-block;vertical-align:top;margin:0 4px 8px 0">
    <figcaption>${file}</figcaption>
    <img src="${file}" style="max-width:930px;max-height:620px;outline:1px solid #999">
  </figure>`;
}
