export default {
  globs: ['src/elements/**/*.ts', 'src/define.ts'],
  litelement: true,
  // package.json names the manifest already.
  packagejson: false,
};
