// Runs before the first paint, so that nobody sees the wrong theme. src/lib/theme.ts writes what this reads.
(function () {
  try {
    var look = JSON.parse(localStorage.getItem('faff.look') || '{}');
    var root = document.documentElement;
    if (look.theme === 'light' || look.theme === 'dark') root.dataset.theme = look.theme;
    if (look.density) root.dataset.density = look.density;
    if (look.text) root.dataset.text = look.text;
    if (look.motion) root.dataset.motion = look.motion;
  } catch (_) {
    // Without storage, the system's choice stands.
  }
})();
