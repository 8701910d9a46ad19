// Reads {secret, headers, body} as JSON; says "good", or why not.
import { readFileSync } from "node:fs";
import { Webhook } from "standardwebhooks";

const { secret, headers, body } = JSON.parse(readFileSync(0, "utf8"));
try {
  new Webhook(secret).verify(body, headers);
  console.log("good");
} catch (error) {
  console.log(error.message);
}
