// Sets light or dark before the first paint: as this browser chose, else as the system has it.
(() => {
  const root = document.documentElement;
  const system = matchMedia('(prefers-color-scheme: dark)');
  const chosen = () => localStorage.getItem('theme') ?? 'auto';
  const apply = () => {
    const dark = chosen() === 'dark' || (chosen() === 'auto' && system.matches);
    root.dataset.bsTheme = dark ? 'dark' : 'light';
    root.dataset.theme = chosen();
  };

  root.classList.add('js');
  apply();
  system.addEventListener('change', apply);
  document.addEventListener('click', event => {
    if (!event.target.closest('[data-theme-switch]')) return;
    const order = ['auto', 'light', 'dark'];
    localStorage.setItem('theme', order[(order.indexOf(chosen()) + 1) % order.length]);
    apply();
  });
})();
