// JupyterLab and Notebook take the arrows and Enter for their cells, but not from what is so marked.
const leave = (event) => { event.target.dataset.lmSuppressShortcuts = "true"; };
export default {
  render({ el }) {
    el.style.display = "none";
    let table, gone = false;
    const begin = () => {
      table = el.closest(".cgt-table");
      if (table) table.addEventListener("focusin", leave);
      else if (!gone) requestAnimationFrame(begin);
    };
    begin();
    return () => {
      gone = true;
      table?.removeEventListener("focusin", leave);
    };
  },
};
