import * as fc from 'fast-check';

/** Makes words that are in no other place: `w1z`, `w2z`, … */
type NextWord = () => string;
type Write = (next: NextWord) => string;

const write = (template: string): Write => {
  return (next) => template.replaceAll('@', next);
};

/** Content of a line: `@` stands for a word of its own. */
const SPANS = [
  '@',
  '**@**',
  '*@*',
  '~~@~~',
  '`@`',
  '@ @',
  '<br>',
  '\\@',
  '\\*@\\*',
  '&amp;@',
  '<b>@</b>',
  '<!-- @ -->',
  '[@](https://a.example/@ "@")',
  '[@](#@)',
  '[@](@/@.md "@")',
  '[](https://a.example/@)',
  '[](@)',
  '![@](@)',
  '![@ **@** [@](@)](https://a.example/@)',
  '[![@](@ "@")](https://a.example/@ "@")',
  '<https://a.example/@>',
  'https://a.example/@',
  '<x:@>',
  '[@][d1]',
  '[d1]',
  '![@][d2]',
  '[@][nothing]',
  '[^@]',
  '[^1]',
  '$@_1 * @_2$',
  '\\(@\\)',
  '\\[@_@\\]',
  '$5 and @ $6',
  '[ ] @',
  '[x] @',
  '[!NOTE] @',
  '\\',
  '*',
  '_',
  '[',
  '](',
  '`',
  '$',
  '|',
  '中文**（@）**中文',
  'ß@é',
  '@@example.org',
  '<@',
  '!',
  '~~',
  '***@**',
  '[@[@](@)]',
  '[@](<@ @> (@))',
];

/** Blocks, also such that end in their middle. */
const BLOCKS = [
  '# %',
  '## % ##',
  '%\n===',
  '%\n---',
  '---',
  '%',
  '%  \n%',
  '%\n%',
  '```@ @\n@\n  @\n```',
  '~~~\n@',
  '    @\n\n    @',
  '| % | % |\n|---|:-:|\n| % | % | % | @ |\n% | %',
  '|@|\n|-|\n|||@',
  '@ | @\n--|--\n@\n@|@|@',
  '|@\n|-',
  '[d1]: https://a.example/@ "@"',
  "[d2]: /@\n'@\n@'",
  '[d1]: /@',
  '[@]: /@ (@)',
  '[@]: <@>',
  '[^1]: @',
  '[^@]: % %',
  '$$\n@_1 = @\n$$',
  '\\[\n@\n+ @\n\\]',
  '$$ @',
  '<div>\n@\n</div>',
  '<details><summary>@</summary>',
  '<!--\n@',
  '> [!NOTE]\n> @',
  '[!TIP]\n@',
  '- [ ] %\n- [x] %',
  '1. @\n1. @',
  '3. @\n9. @',
  '0) @',
  '- @\n* @\n+ @',
  '-',
  '1.\n\n@',
];

/** A prefix of the first line, and that of the others. */
const AROUND: readonly (readonly [string, string])[] = [
  ...([
    ['> ', '> '],
    ['- ', '  '],
    ['1. ', '   '],
    ['12) ', '    '],
    ['>', '>'],
    ['> - ', '>   '],
    ['  ', ''],
  ] as const),
  ...([
    ['* - ', '    '],
    ['> ', ''],
    ['- ', ''],
    ['- [ ] ', '  '],
  ] as const),
];

const span = fc.constantFrom(...SPANS).map(write);
const line: fc.Arbitrary<Write> = fc
  .tuple(fc.array(span, { minLength: 1, maxLength: 5 }), fc.constantFrom('', ' ', '\n'))
  .map(
    ([spans, between]) =>
      (next) =>
        spans.map((one) => one(next)).join(between),
  );

const leaf: fc.Arbitrary<Write> = fc
  .tuple(fc.constantFrom(...BLOCKS), fc.array(line, { minLength: 4, maxLength: 4 }))
  .map(([template, lines]) => (next) => {
    let used = 0;
    return template.replaceAll(/[%@]/g, (mark) =>
      mark === '@' ? next() : (lines[used++ % lines.length]?.(next).replaceAll('\n', ' ') ?? ''),
    );
  });

const { block } = fc.letrec<{ block: Write; nested: Write }>((tie) => ({
  block: fc.oneof({ depthSize: 'large', withCrossShrink: true }, leaf, line, tie('nested')),
  nested: fc
    .tuple(
      fc.constantFrom(...AROUND),
      fc.array(tie('block'), { minLength: 1, maxLength: 3 }),
      fc.constantFrom('\n', '\n\n'),
    )
    .map(([[first, others], blocks, between]) => (next) => {
      const lines = blocks
        .map((one) => one(next))
        .join(between)
        .split('\n');
      return lines.map((text, index) => (index === 0 ? first : others) + text).join('\n');
    }),
}));

/** Markdown of all constructs, nested at random, of which perhaps only the beginning has been received. */
export const anyMarkdown: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(block, { minLength: 1, maxLength: 6 }),
    fc.constantFrom('\n', '\n\n'),
    fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
  )
  .map(([blocks, between, part]) => {
    let count = 0;
    const text = blocks.map((one) => one(() => `w${(count += 1)}z`)).join(between);
    return text.slice(0, Math.ceil(text.length * part));
  });

const PIECES = [
  ...'\n\n\n   *_`~[]()!<>|#-+=:\\$^&;"\'{}	.1x',
  '**',
  '```',
  '$$',
  '[ ]',
  '[x]',
  '](',
  '[^',
  '![',
  '| ',
  '\n|-|-|\n',
  '\n> ',
  '\n- ',
  '\n1. ',
  '\n[',
  ']: ',
  '<br>',
  'https://',
  '\n    ',
  '\n\n',
  '[!NOTE]\n',
  '<!--',
  '-->',
  'mailto:',
  '&amp;',
];

/** Random characters that mean something in Markdown, with words between them. */
export const anyMarks: fc.Arbitrary<string> = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.constant('@')), { minLength: 1, maxLength: 60 })
  .map((pieces) => {
    let count = 0;
    return pieces.map((piece) => (piece === '@' ? `w${(count += 1)}z` : piece)).join('');
  });

/** Characters of all of Unicode between such marks. */
export const anyCharacters: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 3 }),
      fc.constantFrom(...'*_[]()<>|`~ \n#-', '漢字', '（', '）', 'https://', '![', ']: ', '\n\n'),
    ),
    { maxLength: 40 },
  )
  .map((pieces) => pieces.join(''));
