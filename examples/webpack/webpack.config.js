export default {
  entry: { editor: './src/editor.js' },
  output: { publicPath: '/dist/', clean: true },
  performance: { hints: false },
};
