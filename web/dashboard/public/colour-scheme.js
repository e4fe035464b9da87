// Before the first paint, so that a dark page never flashes white. A file of its own: the page allows no inline scripts.
(function () {
  var chosen = null;
  try {
    chosen = localStorage.getItem('prodsprint-colour-scheme');
  } catch (e) {
    // Storage may be blocked; the system's scheme is a fine answer.
  }
  var dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
