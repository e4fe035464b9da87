/**
 * The workspace this tab looks at. Kept with the tab, so that two may differ; `?workspace=` in an address chooses one, so that a link can name it.
 */
const tabKey = 'prodsprint-workspace';
const recentKey = 'prodsprint-workspaces';
const longestRecent = 6;
export const defaultWorkspace = 'default';

/** As the server takes it: `X-ProdSprint-Workspace`. */
export const workspaceName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

let workspace = read();

function read(): string {
  try {
    const asked = new URLSearchParams(location.search).get('workspace');
    if (asked && workspaceName.test(asked)) sessionStorage.setItem(tabKey, asked);
    return sessionStorage.getItem(tabKey) || defaultWorkspace;
  } catch {
    return defaultWorkspace;
  }
}

export const currentWorkspace = () => workspace;

/** Those this browser has been in, the newest first. */
export function recentWorkspaces(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(recentKey) ?? '[]');
    return withRecent(Array.isArray(kept) ? kept.filter((one): one is string => typeof one === 'string') : [], workspace);
  } catch {
    return [workspace];
  }
}

export const withRecent = (kept: string[], name: string) => [name, ...kept.filter((one) => one !== name)].slice(0, longestRecent);

/** Everything on screen belongs to the workspace: the page begins anew in the other one. */
export function enterWorkspace(name: string) {
  try {
    localStorage.setItem(recentKey, JSON.stringify(withRecent(recentWorkspaces(), name)));
    sessionStorage.setItem(tabKey, name);
  } catch {
    // Without storage the address alone says it.
  }
  workspace = name;
  location.assign(`/?workspace=${encodeURIComponent(name)}`);
}
