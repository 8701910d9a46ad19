// Puts the browser's own time where the hub says UTC, before it is painted: in what arrives with the page, and in what comes later.
(() => {
  const format = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
  const isUtc = text => /^\d{4}-\d\d-\d\d \d\d:\d\d UTC$/.test(text);
  const localize = time => {
    const own = format.format(new Date(time.dateTime));
    const text = time.textContent.trim();
    if (isUtc(text)) {
      time.title = text;
      time.textContent = own;
    } else if (text !== own && isUtc(time.title)) {
      time.title = own; // of an age
    }
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
