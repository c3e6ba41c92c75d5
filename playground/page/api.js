// Asks the playground's server; every answer is {ok, result} or {ok: false, error}.

async function post(path, body) {
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    return await answer.json();
  } catch {
    return { ok: false, error: "The playground does not answer." };
  }
}

export const act = (user, name, fields = {}) => post("/world/act", { user, act: name, ...fields });

export const control = (fields) => post("/world/control", fields);

export async function read(path) {
  const answer = await fetch(path, { cache: "no-store" });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

export const photoUrl = (fileId) => `/world/photo/${encodeURIComponent(fileId)}`;
