// A number that was clicked, or chosen by Enter, asks for its evidence: data-focus says of what.
// Ctrl+Z undoes a decision, Ctrl+Shift+Z or Ctrl+Y takes it again: in the application, but not
// where somebody writes. JupyterLab would take the keys for its cells, so this listens before it.
export default {
  render({ model, el }) {
    el.style.display = "none";
    const writes = "textarea, [contenteditable=true], input:not([type=checkbox], [type=radio])";
    const press = (event) => {
      const key = event.key.toLowerCase();
      const app = el.closest(".cgt");
      if (!(event.ctrlKey || event.metaKey) || event.altKey || !"zy".includes(key)) return;
      if (!app?.contains(event.target) || event.target.matches(writes)) return;
      event.preventDefault();
      event.stopPropagation();
      app.querySelector(key === "y" || event.shiftKey ? ".cgt-redo" : ".cgt-undo").click();
    };
    const ask = (event) => {
      const asked = event.target.closest?.("[data-focus]");
      if (asked && el.closest(".cgt")?.contains(asked)) model.send(JSON.parse(asked.dataset.focus));
    };
    addEventListener("keydown", press, true);
    addEventListener("click", ask);
    return () => {
      removeEventListener("keydown", press, true);
      removeEventListener("click", ask);
    };
  },
};
