// Stand-ins for Hera, Athena, the site and pgAdmin, for machines that cannot pull the real images. They make the
// real calls to Kratos and Hydra, under the names of the real environment variables, and nothing else: no lockout
// table, no settings table, no design. What they leave out is listed in sandbox/machines/README.md.
package main

import (
	"fmt"
	"log"
	"net/http"
	"os"
	"time"
)

func main() {
	applications := map[string]func() http.Handler{"hera": hera, "athena": athena, "site": site, "pgadmin": pgadmin}
	if len(os.Args) != 2 || applications[os.Args[1]] == nil {
		log.Fatal("usage: olympus-stand-in hera|athena|site|pgadmin")
	}
	port := setting("PORT", setting("PGADMIN_LISTEN_PORT", "3000"))
	server := &http.Server{
		Addr:              ":" + port,
		Handler:           http.MaxBytesHandler(applications[os.Args[1]](), 64<<10),
		ReadHeaderTimeout: 10 * time.Second,
	}
	log.Printf("%s (stand-in) listens on port %s", os.Args[1], port)
	log.Fatal(server.ListenAndServe())
}

// setting is a variable that may be missing.
func setting(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}

// required is a variable without which the real application does not start either.
func required(name string) string {
	value := os.Getenv(name)
	if value == "" {
		log.Fatalf("%s is empty", name)
	}
	return value
}

func health(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprint(w, `{"status":"ok","version":"stand-in"}`)
}

func pgadmin() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /misc/ping", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "PING") })
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		page(w, http.StatusOK, "pgAdmin", "<p>This is a stand-in: pgAdmin itself is not here.</p>")
	})
	return mux
}
