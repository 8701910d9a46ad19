# A mail server that insists on STARTTLS and on a password: sink.py PORT CERTIFICATE KEY PASSWORD. Prints what it was sent; nobody@… it does not know.
import asyncio, ssl, sys
from aiosmtpd.smtp import SMTP, AuthResult

port, certificate, key, password = sys.argv[1:]


class Printer:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        print(f"BY {session.auth_data.login.decode()} TO {','.join(envelope.rcpt_tos)}", flush=True)
        print(envelope.content.decode("utf-8", "replace"), flush=True)
        return "250 OK"


def authenticate(server, session, envelope, mechanism, data):
    return AuthResult(success=data.password == password.encode(), auth_data=data)


async def main():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(Printer(), tls_context=context, require_starttls=True, authenticator=authenticate, auth_required=True), "127.0.0.1", int(port))
    print("ready", flush=True)
    await server.serve_forever()


asyncio.run(main())
