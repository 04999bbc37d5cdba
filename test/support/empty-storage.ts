/**
 * Loaded before every browser test file (see web-test-runner.config.mjs): the runner uses a window for several files,
 * and what one of them has stored, for example the tab of a session, must not reach the next.
 */
localStorage.clear();
sessionStorage.clear();
