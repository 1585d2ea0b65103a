import { expect, test } from "vitest";
import type { Colleague } from "../server/administration.ts";
import { chosenPeople, withRole } from "./people.ts";

const person = (login: string, name: string, roles: Record<string, string[]>, active = true) =>
  ({ id: login, login, name, phone: null, active, roles }) as unknown as Colleague;

const PEOPLE = [
  person("olena", "Олена Коваль", { ukc: ["operator"] }),
  person("admin", "Адміністратор", { "*": ["administrator"] }),
  person("old", "Петро", { mou: ["operator"] }, false),
];
const logins = (words: string, org = "", inactive = false) =>
  chosenPeople(PEOPLE, { words, org, inactive }).map(({ login }) => login);

test("people are found by name and login", () => {
  expect(logins("")).toEqual(["olena", "admin"]);
  expect(logins("кОВАЛЬ")).toEqual(["olena"]);
  expect(logins("adm")).toEqual(["admin"]);
});

test("who has a role everywhere is found in each organisation; who left only when asked for", () => {
  expect(logins("", "ukc")).toEqual(["olena", "admin"]);
  expect(logins("", "mou")).toEqual(["admin"]);
  expect(logins("", "mou", true)).toEqual(["admin", "old"]);
});

test("roles are given and taken", () => {
  expect(withRole({}, "ukc", "operator", true)).toEqual({ ukc: ["operator"] });
  expect(withRole({ ukc: ["operator"] }, "ukc", "analyst", true)).toEqual({ ukc: ["operator", "analyst"] });
  expect(withRole({ ukc: ["operator"], mou: ["author"] }, "ukc", "operator", false)).toEqual({ mou: ["author"] });
});
