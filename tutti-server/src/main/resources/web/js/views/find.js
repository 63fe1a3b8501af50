// Finds a conversation, a person to talk to, or an open group to join: one field for all three.

import * as api from "../net/api.js";
import { faceOf, ordered, titleOf } from "../chat/questions.js";
import { avatar, h, icon } from "../ui/dom.js";
import { choice, openDialog } from "./dialog.js";
import { Search } from "./search.js";

const SHOWN = 5;

/** actions: open(id), newGroup(), failed(message) */
export function showFind(chat, actions) {
  const { state } = chat;
  const search = new Search(find, {
    label: "Search people and groups",
    testid: "person-search",
    nothing: (query) => (query ? `Nothing begins with “${query}”.` : "Type the first letters of somebody’s name."),
  });
  const dialog = openDialog("New conversation", "find-dialog",
    search.element,
    h("button.wide", { type: "button", testid: "new-group", onclick: () => {
      dialog.close();
      actions.newGroup();
    } }, icon("people"), "New group"));
  search.clear();

  async function find(query) {
    const [people, groups] = await Promise.all([query ? api.people(query) : [], api.openGroups(query)]);
    return [
      { title: "Your groups", rows: query ? yours(query).map(conversationRow) : [] },
      { title: "People", rows: people.filter((user) => user.id !== state.me.id).map(personRow) },
      { title: "Open groups", rows: groups.map(groupRow) },
    ];
  }

  function yours(query) {
    const wanted = query.toLocaleLowerCase();
    return ordered(state)
      .filter((conversation) => conversation.kind === "group" && titleOf(state, conversation).toLocaleLowerCase().includes(wanted))
      .slice(0, SHOWN);
  }

  const conversationRow = (conversation) =>
    choice({ testid: "conversation-result", onclick: () => go(() => conversation.id) },
      avatar(titleOf(state, conversation), ...faceOf(state, conversation)),
      titleOf(state, conversation), people(conversation.memberCount));

  const personRow = (user) =>
    choice({ testid: "person-result", "data-name": user.name, onclick: () => go(() => chat.create({ kind: "direct", user: user.id })) },
      avatar(user.displayName, user.id, user.avatar), user.displayName, `@${user.name}`);

  const groupRow = (group) =>
    choice({ testid: "group-result", "data-id": group.id, onclick: () => go(() => chat.join(group.id)) },
      avatar(group.title, group.id), group.title, people(group.memberCount), "Join");

  async function go(where) {
    try {
      const id = await where();
      dialog.close();
      actions.open(id);
    } catch (problem) {
      actions.failed(problem.message);
    }
  }
}

export const people = (count) => (count === 1 ? "1 member" : `${count} members`);
