// Puts the browser's own time where the hub says UTC, before it is painted: in what arrives with the page, and in what comes later.
(() => {
  const format = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
  const local = (text, time) => /^\d{4}-\d\d-\d\d \d\d:\d\d UTC$/.test(text) ? format.format(new Date(time.dateTime)) : text;
  const localize = time => {
    const [text, title] = [local(time.textContent.trim(), time), local(time.title, time)];
    if (text !== time.textContent.trim()) time.textContent = text;
    if (title !== time.title) time.title = title;
  };

  const observer = new MutationObserver(changes => {
    for (const { target, addedNodes } of changes) {
      const around = (target.closest ? target : target.parentElement)?.closest('time[datetime]');
      if (around) localize(around);
      for (const node of addedNodes) node.querySelectorAll?.('time[datetime]').forEach(localize);
    }
  });
  observer.observe(document, { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ['title', 'datetime'] });
})();
