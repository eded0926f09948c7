// Where GraphiQL keeps tabs, history and theme: the browser's storage, under names that no other GraphiQL on the same
// origin uses (a development port is often shared by several projects in turn).
const PREFIX = 'dateline:';

const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));

export const storage = {
  getItem: (key) => localStorage.getItem(PREFIX + key),
  setItem: (key, value) => localStorage.setItem(PREFIX + key, value),
  removeItem: (key) => localStorage.removeItem(PREFIX + key),
  clear: () => keys().forEach((key) => localStorage.removeItem(key)),
  get length() {
    return keys().length;
  },
};
